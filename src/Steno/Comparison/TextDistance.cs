using System.Text;

namespace Steno.Comparison;

/// <summary>Counts the words by which texts differ.</summary>
internal static class TextDistance
{
    /// <summary>The words of a text: letters, marks and digits in lower case. Each character of a script without spaces is a word.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isWhole = IsWholeWord(rune.Value);
            bool isPart = Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
            if (isWhole || !isPart) End();
            if (isPart) word.Append(Rune.ToLowerInvariant(rune).ToString());
            if (isWhole) End();
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    /// <summary>Least number of words to change, add or leave out.</summary>
    public static int Edits(IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        int[] above = [.. Enumerable.Range(0, to.Count + 1)];
        int[] row = new int[to.Count + 1];
        for (int i = 0; i < from.Count; i++)
        {
            row[0] = i + 1;
            for (int j = 0; j < to.Count; j++)
                row[j + 1] = Math.Min(above[j] + (from[i] == to[j] ? 0 : 1), 1 + Math.Min(above[j + 1], row[j]));
            (above, row) = (row, above);
        }

        return above[to.Count];
    }

    // Hiragana, katakana, Chinese characters, and Thai to Khmer, which are written without spaces.
    private static bool IsWholeWord(int codePoint) =>
        codePoint is (>= 0x0E00 and < 0x0F00) or (>= 0x1000 and < 0x10A0) or (>= 0x1780 and < 0x1800) or (>= 0x3040 and < 0x3100)
            or (>= 0x3400 and < 0xA000) or (>= 0xF900 and < 0xFB00) or (>= 0x20000 and < 0x32000);
}
