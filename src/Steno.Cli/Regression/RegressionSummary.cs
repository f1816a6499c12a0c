using System.Globalization;
using Steno.Scoring;

namespace Steno.Cli.Regression;

/// <summary>What became of all recordings.</summary>
/// <param name="results">Those that were run.</param>
/// <param name="faults">What could not be compared.</param>
/// <param name="thresholds">What is allowed.</param>
/// <param name="elapsed">Time of the run, loading of the model included.</param>
internal sealed class RegressionSummary(IReadOnlyList<RegressionResult> results, IReadOnlyList<CommandException> faults, RegressionThresholds thresholds, TimeSpan elapsed)
{
    public IReadOnlyList<RegressionResult> Results => results;

    /// <summary>Faults of recordings and of the files of their texts.</summary>
    public IReadOnlyList<CommandException> Faults => faults;

    public RegressionThresholds Thresholds => thresholds;

    /// <summary>All recordings that were compared, together.</summary>
    public TextScore Total { get; } = results.Aggregate(default(TextScore), (sum, result) => sum + (result.Score ?? default));

    public TimeSpan Audio { get; } = new(results.Sum(result => result.Audio.Ticks));

    public TimeSpan Elapsed => elapsed;

    public bool IsTotalWithin => thresholds.AllowTotal(Total);

    /// <summary>That of a regression if there is one, else of the first fault.</summary>
    public int ExitCode => Count(RegressionOutcome.Regressed) > 0 || !IsTotalWithin
        ? Cli.ExitCode.Regression
        : faults.Count > 0 ? faults[0].ExitCode : Cli.ExitCode.Success;

    public int Count(RegressionOutcome outcome) => outcome == RegressionOutcome.Failed ? faults.Count : results.Count(result => result.Outcome == outcome);

    /// <summary>The table that ends a run.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Row("passed", Count(RegressionOutcome.Passed));
        yield return Row("regressed", Count(RegressionOutcome.Regressed));
        foreach (RegressionResult result in results.Where(result => result.Outcome == RegressionOutcome.Regressed))
            yield return $"  {OneLine.Of(result.Item.Source.Name)}: {Reason(result)}";
        yield return Row("generated", Count(RegressionOutcome.Generated));
        yield return Row("failed", Count(RegressionOutcome.Failed));
        foreach (CommandException fault in faults)
            yield return "  " + OneLine.Of(fault.Message);
        string limit = thresholds.MaxTotal is { } total ? string.Create(CultureInfo.InvariantCulture, $", {(IsTotalWithin ? "within" : "above")} the limit of {total}") : "";
        yield return string.Create(CultureInfo.InvariantCulture, $"total: norm {Total.Normalized.Rate:F3}{limit}, exact {Total.Exact.Rate:F3} of {Total.Exact.CharacterCount} characters; {Audio.TotalMinutes:F2} min of audio in {elapsed.TotalMinutes:F2} min");
    }

    private string Reason(RegressionResult result)
    {
        var reasons = new List<string>();
        if (result.Score is { } score && !result.IsWithin)
        {
            if (score.Normalized.Rate > thresholds.MaxNormalized) reasons.Add(Above("norm", score.Normalized, thresholds.MaxNormalized));
            if (score.Exact.Rate > thresholds.MaxExact) reasons.Add(Above("exact", score.Exact, thresholds.MaxExact));
        }

        reasons.AddRange(result.Ways.Where(way => !way.IsSame).Select(way => $"another text {way.Way}"));
        return string.Join(", ", reasons);

        static string Above(string name, CharacterErrors errors, double limit) =>
            string.Create(CultureInfo.InvariantCulture, $"{name} {errors.Rate:F3} is above {limit}");
    }

    private static string Row(string name, int count) => string.Create(CultureInfo.InvariantCulture, $"{name,-10}{count,6}");
}
