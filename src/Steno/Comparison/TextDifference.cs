namespace Steno.Comparison;

/// <summary>What both models write for a recording.</summary>
/// <param name="Audio">Name of the recording.</param>
/// <param name="A">Text of A.</param>
/// <param name="B">Text of B.</param>
/// <param name="EditCount">Words to change, add or leave out to get from A's to B's.</param>
/// <param name="WordCount">Words of A.</param>
internal sealed record TextDifference(string Audio, string A, string B, int EditCount, int WordCount);
