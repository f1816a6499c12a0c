namespace Steno.Formats.Gguf;

/// <summary>
/// What a GGUF file says it holds, checked against its length. The file is a fixed part of 24 bytes, key-value pairs, descriptions of
/// tensors, padding, and the data, little-endian throughout.
/// </summary>
internal sealed class GgufHeader
{
    /// <summary>Largest part before the data; that of the published models has 6 MB, most of it vocabulary.</summary>
    public const int MaxBytes = 128 << 20;

    /// <summary>Most key-value pairs; published files have under 100.</summary>
    public const int MaxKeyCount = 1 << 12;

    /// <summary>Most tensors in one file; Qwen3-ASR-1.7B has 710.</summary>
    public const int MaxTensorCount = 1 << 16;

    /// <summary>Most elements of an array, unless each is a single byte: then only <see cref="MaxBytes"/> bounds them.</summary>
    public const int MaxArrayLength = 1 << 24;

    /// <summary>Longest key, in bytes.</summary>
    public const int MaxKeyBytes = 65535;

    /// <summary>Longest tensor name, in bytes.</summary>
    public const int MaxNameBytes = 127;

    /// <summary>Most dimensions of a tensor.</summary>
    public const int MaxRank = 4;

    /// <summary>Alignment of tensors in a file that does not state one.</summary>
    public const int DefaultAlignment = 32;

    public GgufHeader(int version, long alignment, long dataOffset, long endOffset, IReadOnlyDictionary<string, GgufValue> values, IReadOnlyDictionary<string, GgufTensor> tensors)
    {
        Version = version;
        Alignment = alignment;
        DataOffset = dataOffset;
        EndOffset = endOffset;
        Values = values;
        Tensors = tensors;
    }

    /// <summary>2 or 3; both have the same layout.</summary>
    public int Version { get; }

    /// <summary>What the offset of every tensor is a multiple of.</summary>
    public long Alignment { get; }

    /// <summary>Where the data starts in the file.</summary>
    public long DataOffset { get; }

    /// <summary>Where the last tensor ends, its padding included; the file may end within the padding.</summary>
    public long EndOffset { get; }

    /// <summary>The metadata by key.</summary>
    public IReadOnlyDictionary<string, GgufValue> Values { get; }

    /// <summary>The tensors by name, in the file's order.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors { get; }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="start">The first bytes of the file.</param>
    /// <param name="fileLength">Length of the whole file.</param>
    /// <param name="file">Path of the file, for messages.</param>
    /// <param name="lengthen">
    /// Called with a number of bytes when the header is longer than what there is of it; gives the first bytes of the file anew, at least as many, or
    /// as many as the file and <see cref="MaxBytes"/> allow. Null when there are no more.
    /// </param>
    /// <exception cref="ModelFormatException">The file is not a GGUF file, is cut short, or contradicts itself.</exception>
    public static GgufHeader Read(ReadOnlySpan<byte> start, long fileLength, string file, Func<int, byte[]>? lengthen = null) =>
        GgufHeaderParser.Parse(start, fileLength, file, lengthen);
}
