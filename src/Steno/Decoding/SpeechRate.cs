using System.Globalization;
using System.Text;

namespace Steno.Decoding;

/// <summary>How much text speech can hold.</summary>
internal static class SpeechRate
{
    private const int GraphemesPerSecond = 25;
    private const int HanPerSecond = 12;
    private const int Allowance = 12;

    /// <summary>Whether a text is more than anybody says in a time: above 25 characters a second, 12 Han characters, and 12 on top.</summary>
    /// <param name="text">The text; characters are those that a reader sees as one.</param>
    /// <param name="speech">Time of the speech in which it was said.</param>
    public static bool IsExceeded(string text, TimeSpan speech)
    {
        long count = 0, hanCount = 0;
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            count++;
            if (IsHan(Rune.GetRuneAt(text, elements.ElementIndex))) hanCount++;
        }

        // Whether what lies beyond the allowance, at the mean time of a character, takes longer than the speech: both sides times 25 · 12 · count.
        long times = (HanPerSecond * (count - hanCount)) + (GraphemesPerSecond * hanCount);
        return count > Allowance && (count - Allowance) * times > speech.TotalSeconds * GraphemesPerSecond * HanPerSecond * count;
    }

    private static bool IsHan(Rune rune) => rune.Value is (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
