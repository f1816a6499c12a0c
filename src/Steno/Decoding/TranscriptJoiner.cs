using System.Globalization;
using System.Text;

namespace Steno.Decoding;

/// <summary>Joins the texts of consecutive pieces of audio.</summary>
internal static class TranscriptJoiner
{
    // Blocks of the scripts that put no space between words, and of their punctuation.
    private static readonly (int First, int Last)[] UnspacedBlocks =
    [
        (0x0E00, 0x0E7F), // Thai
        (0x0E80, 0x0EFF), // Lao
        (0x0F00, 0x0FFF), // Tibetan
        (0x1000, 0x109F), // Myanmar
        (0x1780, 0x17FF), // Khmer
        (0x19E0, 0x19FF), // Khmer symbols
        (0x2E80, 0x312F), // CJK radicals and punctuation, Hiragana, Katakana, Bopomofo
        (0x3190, 0x4DBF), // CJK strokes, enclosed and compatibility characters, extension A
        (0x4E00, 0xA4CF), // CJK unified ideographs, Yi
        (0xA9E0, 0xA9FF), // Myanmar extended B
        (0xAA60, 0xAA7F), // Myanmar extended A
        (0xF900, 0xFAFF), // CJK compatibility ideographs
        (0xFE30, 0xFE4F), // CJK compatibility forms
        (0xFF00, 0xFF9F), // full-width forms, half-width Katakana
        (0x1AFF0, 0x1B16F), // Kana extended and supplement
        (0x20000, 0x3FFFF), // CJK extensions B and later
    ];

    /// <summary>Joins texts, with a space between two where <see cref="NeedsSpace"/> says so; empty ones do not count.</summary>
    public static string Join(IEnumerable<string> texts)
    {
        var joined = new StringBuilder();
        string left = string.Empty;
        foreach (string text in texts)
        {
            if (text.Length == 0) continue;
            if (NeedsSpace(left, text)) joined.Append(' ');
            joined.Append(text);
            left = text;
        }

        return joined.ToString();
    }

    /// <summary>True when a space has to stand between two texts.</summary>
    /// <remarks>
    /// None stands beside white space, beside a script that is written without spaces, before punctuation, nor where a text is empty. Opening
    /// brackets, opening quotation marks and the Spanish ¿ and ¡ begin a text as a letter does.
    /// </remarks>
    public static bool NeedsSpace(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0) return false;

        Rune.DecodeLastFromUtf16(left, out var last, out _);
        Rune.DecodeFromUtf16(right, out var first, out _);
        return !Rune.IsWhiteSpace(last) && !Rune.IsWhiteSpace(first) && !IsUnspaced(last) && !IsUnspaced(first) && !ClosesText(first);
    }

    private static bool IsUnspaced(Rune rune) =>
        Array.Exists(UnspacedBlocks, block => rune.Value >= block.First && rune.Value <= block.Last);

    private static bool ClosesText(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation => true,
        UnicodeCategory.ClosePunctuation or UnicodeCategory.FinalQuotePunctuation => true,
        UnicodeCategory.OtherPunctuation => rune.Value is not ('¿' or '¡'),
        _ => false,
    };
}
