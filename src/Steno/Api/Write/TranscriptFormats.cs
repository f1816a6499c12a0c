namespace Steno;

/// <summary>The formats by their words, which are the extensions of their files too.</summary>
internal static class TranscriptFormats
{
    public static IReadOnlyList<(string Word, TranscriptFormat Format)> All { get; } = [("txt", TranscriptFormat.Text), ("json", TranscriptFormat.Json)];

    public static string ExtensionOf(TranscriptFormat format) => All.First(entry => entry.Format == format).Word;

    public static bool IsExtension(string extension) => All.Any(entry => string.Equals(entry.Word, extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>A writer of a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="write">Takes the UTF-8 bytes.</param>
    /// <param name="isStreaming">True to write text as it comes; formats that are written whole ignore it.</param>
    /// <param name="hasSeveralFiles">True to name each file.</param>
    public static TranscriptWriter WriterOf(TranscriptFormat format, Action<ReadOnlyMemory<byte>> write, bool isStreaming, bool hasSeveralFiles) => format switch
    {
        TranscriptFormat.Json => new TranscriptJsonWriter(write),
        _ => new TranscriptTextWriter(write, isStreaming, hasSeveralFiles),
    };
}
