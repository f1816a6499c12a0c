using Steno.Scoring;

namespace Steno.Cli.Regression;

/// <summary>A recording that was run.</summary>
internal sealed class RegressionResult(RegressionItem item)
{
    private readonly List<WayResult> _ways = [];

    public RegressionItem Item { get; } = item;

    /// <summary>The right text; null when there was none.</summary>
    public string? Expected { get; init; }

    /// <summary>What the first way wrote.</summary>
    public required string Text { get; init; }

    /// <summary>How far that lies from the right text; null when there was none.</summary>
    public TextScore? Score { get; init; }

    /// <summary>Whether the score is within the thresholds.</summary>
    public bool IsWithin { get; init; } = true;

    /// <summary>Length of the recording.</summary>
    public required TimeSpan Audio { get; init; }

    /// <summary>How long the first way took.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Whether a further way could not be run.</summary>
    public bool IsFaulty { get; set; }

    /// <summary>What the further ways gave.</summary>
    public IReadOnlyList<WayResult> Ways => _ways;

    public RegressionOutcome Outcome
    {
        get
        {
            if (!IsWithin || _ways.Any(way => !way.IsSame)) return RegressionOutcome.Regressed;
            if (IsFaulty) return RegressionOutcome.Failed;
            return Score is null ? RegressionOutcome.Generated : RegressionOutcome.Passed;
        }
    }

    public void Add(WayResult way) => _ways.Add(way);
}
