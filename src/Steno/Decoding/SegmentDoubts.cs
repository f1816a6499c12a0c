using System.Text;

namespace Steno.Decoding;

/// <summary>Signs that the text of a segment is not what was said in it.</summary>
internal static class SegmentDoubts
{
    private const double CollapseSeconds = 8;
    private const int CollapseTokens = 12;
    private const double CollapseTokensPerSecond = 1.75;
    private const int RepeatedBytes = 48;
    private const int EchoLetters = 24;
    private const double EchoShare = 0.8;

    /// <summary>Whether a segment that was conditioned on the text before it has far too little text: at least 8 s, and fewer tokens than 12 or 1.75 a second.</summary>
    /// <param name="segment">Its length.</param>
    /// <param name="textTokenCount">Tokens of its text.</param>
    public static bool IsCollapsed(TimeSpan segment, int textTokenCount) =>
        segment.TotalSeconds >= CollapseSeconds && textTokenCount < Math.Max(CollapseTokens, (int)(CollapseTokensPerSecond * segment.TotalSeconds));

    /// <summary>Whether a text of 48 bytes or more stands word for word in the text before it.</summary>
    /// <param name="text">Text of a segment.</param>
    /// <param name="before">All text before it.</param>
    public static bool IsRepeated(string text, string before) => Encoding.UTF8.GetByteCount(text) >= RepeatedBytes && before.Contains(text, StringComparison.Ordinal);

    /// <summary>Whether a text is mostly a piece of its prompt: 24 letters or more in one piece, which are at least four fifths of it.</summary>
    /// <param name="text">Text of a segment.</param>
    /// <param name="prompt">The prompt's text.</param>
    /// <remarks>Case, marks and spaces do not count; a Han character counts as two letters.</remarks>
    public static bool IsEcho(string text, string prompt)
    {
        List<Rune> heard = Letters(text), given = Letters(prompt);
        int shared = LongestShared(heard, given);
        return shared >= EchoLetters && shared >= EchoShare * heard.Sum(WeightOf);
    }

    private static List<Rune> Letters(string text) => [.. text.EnumerateRunes().Where(Rune.IsLetterOrDigit).Select(Rune.ToLowerInvariant)];

    private static int WeightOf(Rune rune) => rune.Value is >= 0x3400 and <= 0x9FFF ? 2 : 1;

    // Weight of the longest piece that stands in both, by the lengths of the pieces that end at each pair of places.
    private static int LongestShared(List<Rune> a, List<Rune> b)
    {
        int[] row = new int[b.Count + 1];
        int longest = 0;
        foreach (Rune rune in a)
        {
            for (int j = b.Count; j >= 1; j--)
            {
                row[j] = b[j - 1] == rune ? row[j - 1] + WeightOf(rune) : 0;
                longest = Math.Max(longest, row[j]);
            }
        }

        return longest;
    }
}
