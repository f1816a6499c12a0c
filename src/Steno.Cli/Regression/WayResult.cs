using Steno.Scoring;

namespace Steno.Cli.Regression;

/// <summary>What a further way of running gave for a recording.</summary>
/// <param name="Way">Its name.</param>
/// <param name="Text">What it wrote.</param>
/// <param name="Score">How far that lies from the text of the first way.</param>
/// <param name="Time">How long it took.</param>
internal sealed record WayResult(string Way, string Text, TextScore Score, TimeSpan Time)
{
    public bool IsSame => Score.Exact.EditCount == 0;
}
