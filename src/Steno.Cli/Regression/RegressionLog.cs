using System.Globalization;
using Steno.Cli.Output;
using Steno.Scoring;

namespace Steno.Cli.Regression;

/// <summary>The lines of a run: two for each recording, then the table.</summary>
/// <param name="write">Takes a line.</param>
/// <param name="isColored">Whether their words have colours.</param>
internal sealed class RegressionLog(Action<string> write, bool isColored)
{
    private const int ExcerptLength = 160;

    // So much of what is alike, for the reader to find the place.
    private const int ExcerptLead = 40;

    public void Start(RegressionItem item, string? way = null) => write($"{Paint("START", TerminalColor.Cyan)} {NameOf(item, way)}");

    public void Done(RegressionResult result)
    {
        if (result.Score is not { } score)
        {
            write($"{Paint("DONE", TerminalColor.Yellow)} {NameOf(result.Item)}: {OneLine.Of(Path.GetFileName(result.Item.TextPath))} written, {Seconds(result.Time)}");
            return;
        }

        Done(NameOf(result.Item), score, "", result.Time, result.IsWithin);
        if (!result.IsWithin) Difference(result.Expected!, result.Text);
    }

    public void Done(RegressionResult result, WayResult way)
    {
        Done(NameOf(result.Item, way.Way), way.Score, way.IsSame ? "same text, " : "another text, ", way.Time, way.IsSame);
        if (!way.IsSame) Difference(result.Text, way.Text);
    }

    public void End(RegressionSummary summary)
    {
        foreach (string line in summary.Lines()) write(line);
    }

    private static string NameOf(RegressionItem item, string? way = null) => OneLine.Of(item.Source.Name) + (way is null ? "" : $" ({way})");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    private void Done(string name, TextScore score, string comment, TimeSpan time, bool isGood)
    {
        string rates = string.Create(CultureInfo.InvariantCulture, $"norm {score.Normalized.Rate:F3}, exact {score.Exact.Rate:F3}");
        write($"{Paint("DONE", isGood ? TerminalColor.Green : TerminalColor.Red)} {name}: {comment}{rates}, {Seconds(time)}{(isGood ? "" : ", " + Paint("REGRESSION", TerminalColor.Red))}");
    }

    private void Difference(string expected, string found)
    {
        int start = Math.Max(0, expected.AsSpan().CommonPrefixLength(found) - ExcerptLead);
        write("  expected: " + Excerpt(expected, start));
        write("  found:    " + Excerpt(found, start));
    }

    private static string Excerpt(string text, int start)
    {
        int end = Math.Min(text.Length, start + ExcerptLength);
        if (start > 0 && char.IsLowSurrogate(text[start])) start--;
        if (end < text.Length && char.IsLowSurrogate(text[end])) end--;
        return (start > 0 ? "... " : "") + OneLine.Of(text[start..end]) + (end < text.Length ? " ..." : "");
    }

    private string Paint(string word, TerminalColor color) => isColored ? color.Paint(word) : word;
}
