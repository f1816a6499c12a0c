using System.Text.Json;
using System.Text.Unicode;

namespace Steno.Formats;

/// <summary>JSON files of a checkpoint, read within bounds: size, depth, no key twice, valid UTF-8.</summary>
internal static class JsonFile
{
    /// <summary>Deepest nesting that is accepted; the files of a checkpoint have at most 5 levels.</summary>
    public const int MaxDepth = 32;

    /// <summary>Reads a file whose outermost value is an object.</summary>
    /// <param name="path">The file; must exist.</param>
    /// <param name="maxBytes">Largest size that is accepted.</param>
    /// <exception cref="ModelFormatException">The file is larger, is no such JSON, or nests deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonDocument ReadObject(string path, int maxBytes) => ParseObject(ReadBytes(path, maxBytes), path);

    /// <summary>Parses bytes whose outermost value is an object.</summary>
    /// <param name="utf8">The text; must stay unchanged while the document is in use.</param>
    /// <param name="file">Path for messages.</param>
    /// <exception cref="ModelFormatException">This is not such JSON, or nests deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonDocument ParseObject(ReadOnlyMemory<byte> utf8, string file)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (!Utf8.IsValid(utf8.Span)) throw new ModelFormatException("the file is not valid UTF-8", file, expected: "JSON text");

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            string expected = $"JSON with no key twice, nested at most {MaxDepth} levels deep";
            throw new ModelFormatException(
                "the file is not valid JSON",
                file,
                expected: expected,
                found: MessageText.Excerpt(fault.Message.TrimEnd('.')),
                innerException: fault);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        JsonValueKind kind = document.RootElement.ValueKind;
        document.Dispose();
        throw new ModelFormatException("the outermost JSON value is not an object", file, expected: "an object", found: kind.ToString());
    }

    private static byte[] ReadBytes(string path, int maxBytes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.Length > maxBytes)
        {
            throw new ModelFormatException(
                "the file is too large", path, expected: $"at most {maxBytes} bytes", found: $"{stream.Length} bytes");
        }
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
