using Steno.Scoring;

namespace Steno.Cli.Regression;

/// <summary>How far a text may lie from the right one: edits for each character of the right text.</summary>
/// <param name="MaxNormalized">Without case and marks.</param>
/// <param name="MaxExact">As the texts are.</param>
internal sealed record RegressionThresholds(double MaxNormalized = 0.2, double MaxExact = 1)
{
    /// <summary>Most of all recordings together, without case and marks; null for no limit.</summary>
    public double? MaxTotal { get; init; }

    /// <summary>Whether a recording passes.</summary>
    public bool Allow(TextScore score) => score.Normalized.Rate <= MaxNormalized && score.Exact.Rate <= MaxExact;

    /// <summary>Whether all recordings together pass.</summary>
    public bool AllowTotal(TextScore total) => MaxTotal is not { } limit || total.Normalized.Rate <= limit;
}
