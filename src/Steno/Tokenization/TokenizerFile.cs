using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Steno.Tokenization;

/// <summary>A tokenizer file in memory, and the faults that can be found in it.</summary>
/// <param name="Path">Where it was read from, for messages.</param>
/// <param name="Content">Its bytes, without a byte order mark.</param>
internal readonly record struct TokenizerFile(string Path, ReadOnlyMemory<byte> Content)
{
    /// <summary>Largest file that is read. The tokenizer.json of the published checkpoints has 11 MB.</summary>
    public const int MaxBytes = 128 << 20;

    private const int MaxQuotedCharacters = 64;
    private const int MaxCauseCharacters = 200;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="ModelFormatException">The file is larger than <see cref="MaxBytes"/>.</exception>
    public static TokenizerFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (stream.CanSeek && stream.Length > MaxBytes) throw TooLarge(path);

        // What is no regular file has no length to believe.
        using var content = new MemoryStream(stream.CanSeek ? (int)stream.Length : 0);
        byte[] buffer = new byte[1 << 16];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            if (content.Length + count > MaxBytes) throw TooLarge(path);
            content.Write(buffer, 0, count);
        }

        return new TokenizerFile(path, WithoutByteOrderMark(content.GetBuffer().AsMemory(0, (int)content.Length)));
    }

    /// <summary>A reader at the start of the file's JSON.</summary>
    public Utf8JsonReader OpenJson() => new(Content.Span, new JsonReaderOptions { MaxDepth = 64 });

    /// <summary>A fault in this file.</summary>
    public ModelFormatException Fault(string problem, string? expected = null, string? found = null, long? offset = null) =>
        new(problem, Path, offset: offset, expected: expected, found: found);

    /// <summary>A fault in this file at the place of a JSON reader.</summary>
    public ModelFormatException Fault(string problem, ref Utf8JsonReader reader, string? expected = null, string? found = null) =>
        Fault(problem, expected, found, reader.TokenStartIndex);

    /// <summary>The fault of a file that is no JSON.</summary>
    public ModelFormatException NotJson(Exception cause) =>
        new("not valid JSON: " + Printable(cause.Message.TrimEnd('.'), MaxCauseCharacters), Path, innerException: cause);

    /// <summary>True for what <see cref="Utf8JsonReader"/> throws over its input: bad grammar, or a string that is not Unicode.</summary>
    public static bool IsJsonFault(Exception fault) => fault is JsonException or InvalidOperationException;

    /// <summary>Untrusted text, cut and made printable for a message.</summary>
    public static string Quote(ReadOnlySpan<byte> utf8)
    {
        string text = Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * MaxQuotedCharacters)]);
        return Quote(text, isCut: utf8.Length > 4 * MaxQuotedCharacters);
    }

    /// <inheritdoc cref="Quote(ReadOnlySpan{byte})"/>
    public static string Quote(string text, bool isCut = false)
    {
        string printable = Printable(text, MaxQuotedCharacters);
        return $"'{printable}{(isCut && !printable.EndsWith("...", StringComparison.Ordinal) ? "..." : "")}'";
    }

    // Without control characters and line breaks, and with dots where it was cut.
    private static string Printable(string text, int maxLength)
    {
        var printable = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (printable.Length >= maxLength) return printable.Append("...").ToString();
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                printable.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                printable.Append(rune);
        }

        return printable.ToString();
    }

    private static ModelFormatException TooLarge(string path) =>
        new("the file is too large for a tokenizer", path, expected: $"at most {MaxBytes >> 20} MiB");

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> content) =>
        content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content;
}
