using System.Buffers.Binary;

namespace Steno.Formats.Safetensors;

/// <summary>
/// What a safetensors file says it holds, checked against its length. The file is a little-endian 64-bit header length, a JSON
/// header of that many bytes, and the data. As in the format's reference reader, the tensors must cover the data exactly:
/// none overlap, no byte lies between them or after them.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Largest JSON header; that of Qwen3-ASR-1.7B has under 0.1 MB. (The format's own limit is 100 MB.)</summary>
    public const int MaxHeaderBytes = 16 << 20;

    /// <summary>Most tensors in one file; Qwen3-ASR-1.7B has 708 in all.</summary>
    public const int MaxTensorCount = 1 << 16;

    /// <summary>Most dimensions of a tensor.</summary>
    public const int MaxRank = 8;

    /// <summary>Bytes before the header, which tell its length.</summary>
    public const int PrefixBytes = sizeof(ulong);

    private SafetensorsHeader(long dataOffset, IReadOnlyDictionary<string, SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Metadata = metadata;
        DataOffset = dataOffset;
        Tensors = tensors;
    }

    /// <summary>Where the data starts in the file.</summary>
    public long DataOffset { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors { get; }

    /// <summary>What the writer of the file noted: the texts of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Bytes from the start of the file that <see cref="Read"/> needs.</summary>
    /// <param name="prefix">The first <see cref="PrefixBytes"/>, or all that the file has.</param>
    public static int BytesOf(ReadOnlySpan<byte> prefix)
    {
        bool isWhole = BinaryPrimitives.TryReadUInt64LittleEndian(prefix, out ulong length);
        return PrefixBytes + (isWhole ? (int)Math.Min(length, MaxHeaderBytes) : 0);
    }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="start">The first bytes of the file: all of them, or as many as <see cref="BytesOf"/> says.</param>
    /// <param name="fileLength">Length of the whole file.</param>
    /// <param name="file">Path of the file, for messages.</param>
    /// <exception cref="ModelFormatException">The file is not a safetensors file, is cut short, or contradicts itself.</exception>
    public static SafetensorsHeader Read(ReadOnlySpan<byte> start, long fileLength, string file)
    {
        int headerLength = ReadHeaderLength(start, fileLength, file);
        long dataOffset = PrefixBytes + headerLength;
        (Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string> metadata) = SafetensorsHeaderParser.Parse(
            start.Slice(PrefixBytes, headerLength), PrefixBytes, file);
        new SafetensorsLayout(file, dataOffset, fileLength - dataOffset).Check(tensors.Values);
        return new SafetensorsHeader(dataOffset, tensors, metadata);
    }

    private static int ReadHeaderLength(ReadOnlySpan<byte> start, long fileLength, string file)
    {
        if (fileLength < PrefixBytes)
        {
            string expected = $"at least {PrefixBytes} bytes";
            throw new ModelFormatException("the file is too short for safetensors", file, expected: expected, found: $"{fileLength} bytes");
        }
        if (start.StartsWith("version "u8))
            throw new ModelFormatException("the file is a Git LFS pointer, not the weights; fetch them with 'git lfs pull'", file);

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        ulong available = (ulong)(fileLength - PrefixBytes);
        if (length > available)
        {
            const string Problem = "the header ends past the end of the file: this is no safetensors file, or it is cut short";
            throw new ModelFormatException(Problem, file, null, 0, $"a header of at most {available} bytes", $"{length} bytes");
        }
        if (length > MaxHeaderBytes)
            throw new ModelFormatException("the header is too long", file, null, 0, $"at most {MaxHeaderBytes} bytes", $"{length} bytes");
        return (int)length;
    }
}
