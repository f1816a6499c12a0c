using System.Globalization;
using System.Text;
using Steno.Tokenization;

namespace Steno.Scoring;

/// <summary>
/// What of a text is heard: in form C of Unicode and lower case; letters, digits and other numbers stay; every run of anything else becomes one space, and
/// none is left at the ends. Combining marks stay, since many scripts write vowels as such.
/// </summary>
internal static class NormalizedText
{
    public static string Of(string text)
    {
        var normalized = new StringBuilder(text.Length);
        bool isGap = false;
        foreach (Rune rune in Nfc.Normalize(text).EnumerateRunes())
        {
            if (!IsHeard(rune))
            {
                isGap = true;
                continue;
            }

            if (isGap && normalized.Length > 0) normalized.Append(' ');
            isGap = false;
            normalized.Append(Rune.ToLowerInvariant(rune).ToString());
        }

        return normalized.ToString();
    }

    private static bool IsHeard(Rune rune) => Rune.IsLetter(rune) || Rune.IsNumber(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
