using System.Globalization;
using System.Text;

namespace Steno.Tokenization;

/// <summary>Cuts a text into the stretches within which BPE may merge.</summary>
/// <remarks>
/// Does by hand, and code point by code point, what Qwen2's tokenizer.json says with the expression
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// The alternatives are tried in that order; \s is Unicode's White_Space. A lone surrogate counts as U+FFFD.
/// </remarks>
internal static class PreTokenizer
{
    private enum Kind
    {
        End,
        Letter,
        Number,
        NewLine,
        OtherSpace,
        Other,
    }

    /// <summary>Length in UTF-16 units of the first stretch of a text that is not empty.</summary>
    public static int LengthOfFirst(ReadOnlySpan<char> text)
    {
        int contraction = LengthOfContraction(text);
        if (contraction > 0) return contraction;

        var first = KindAt(text, 0, out int firstLength);
        if (first == Kind.Letter) return EndOfLetters(text, firstLength);
        if (first is Kind.Other or Kind.OtherSpace && KindAt(text, firstLength, out _) == Kind.Letter) return EndOfLetters(text, firstLength);
        if (first == Kind.Number) return firstLength;
        if (first == Kind.Other) return EndOfOthers(text, firstLength);
        if (text[0] == ' ' && KindAt(text, 1, out int length) == Kind.Other) return EndOfOthers(text, 1 + length);
        return LengthOfSpace(text);
    }

    private static int LengthOfContraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'') return 0;
        char first = (char)(text[1] | 0x20);

        // U+017F, the long s, is an s to a comparison without case.
        if (first is 's' or 't' or 'm' or 'd' || text[1] == '\u017F') return 2;
        char second = text.Length > 2 ? (char)(text[2] | 0x20) : '\0';
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static int EndOfLetters(ReadOnlySpan<char> text, int end)
    {
        while (KindAt(text, end, out int length) == Kind.Letter) end += length;
        return end;
    }

    /// <summary>The end of what is neither space, letter nor number, and of the line ends behind it.</summary>
    private static int EndOfOthers(ReadOnlySpan<char> text, int end)
    {
        int length;
        while (KindAt(text, end, out length) == Kind.Other) end += length;
        while (KindAt(text, end, out length) == Kind.NewLine) end += length;
        return end;
    }

    // White space up to its last line end; without one, all of it at the end of the text, else all but the last, else that one.
    private static int LengthOfSpace(ReadOnlySpan<char> text)
    {
        int end = 0;
        int last = 0;
        int afterNewLine = 0;
        for (Kind kind; (kind = KindAt(text, end, out int length)) is Kind.NewLine or Kind.OtherSpace;)
        {
            last = end;
            end += length;
            if (kind == Kind.NewLine) afterNewLine = end;
        }

        if (afterNewLine > 0) return afterNewLine;
        return end == text.Length || last == 0 ? end : last;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int index, out int length)
    {
        length = 0;
        if (index == text.Length) return Kind.End;

        Rune.DecodeFromUtf16(text[index..], out var rune, out length);
        if (rune.Value is '\r' or '\n') return Kind.NewLine;
        if (Rune.IsWhiteSpace(rune)) return Kind.OtherSpace;
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
