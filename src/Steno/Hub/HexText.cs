namespace Steno.Hub;

/// <summary>Lower-case hex names of content.</summary>
internal static class HexText
{
    public const int Sha1Length = 40;
    public const int Sha256Length = 64;

    public static bool Is(string? text, int length) => text is not null && text.Length == length && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The text in an ETag header without its quotes and the mark of a weak one.</summary>
    public static string OfEntityTag(string header)
    {
        ReadOnlySpan<char> text = header.AsSpan().Trim();
        if (text.StartsWith("W/", StringComparison.Ordinal)) text = text[2..];
        return text.Trim('"').ToString();
    }
}
