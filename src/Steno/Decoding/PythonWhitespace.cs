using System.Buffers;

namespace Steno.Decoding;

/// <summary>White space as Python's <c>str.strip</c> and <c>str.splitlines</c> know it, by which the reference trims its output.</summary>
internal static class PythonWhitespace
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\v\f\u001C\u001D\u001E\u0085\u2028\u2029");

    /// <summary>True for what <c>str.strip</c> removes: what .NET calls white space, and the four information separators.</summary>
    public static bool Contains(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';

    /// <summary>Python's <c>strip</c>.</summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => TrimEnd(TrimStart(text));

    /// <summary>Python's <c>lstrip</c>.</summary>
    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        int start = 0;
        while (start < text.Length && Contains(text[start])) start++;
        return text[start..];
    }

    /// <summary>Python's <c>rstrip</c>.</summary>
    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        int end = text.Length;
        while (end > 0 && Contains(text[end - 1])) end--;
        return text[..end];
    }

    /// <summary>Takes the first line of a text off, as <c>splitlines</c> cuts it; a CR LF cut in two leaves an empty line.</summary>
    public static ReadOnlySpan<char> TakeLine(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAny(LineEnds);
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return line;
    }
}
