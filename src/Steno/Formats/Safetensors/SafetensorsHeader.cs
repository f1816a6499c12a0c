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

    private const int PrefixBytes = sizeof(ulong);

    private SafetensorsHeader(long dataOffset, IReadOnlyDictionary<string, SafetensorsTensor> tensors)
    {
        DataOffset = dataOffset;
        Tensors = tensors;
    }

    /// <summary>Bytes from the start of the file that <see cref="Read"/> needs at most.</summary>
    public static int MaxBytes => PrefixBytes + MaxHeaderBytes;

    /// <summary>Where the data starts in the file.</summary>
    public long DataOffset { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors { get; }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="start">The first bytes of the file: all of them, or at least <see cref="MaxBytes"/>.</param>
    /// <param name="fileLength">Length of the whole file.</param>
    /// <param name="file">Path of the file, for messages.</param>
    /// <exception cref="ModelFormatException">The file is not a safetensors file, is cut short, or contradicts itself.</exception>
    public static SafetensorsHeader Read(ReadOnlySpan<byte> start, long fileLength, string file)
    {
        int headerLength = ReadHeaderLength(start, fileLength, file);
        long dataOffset = PrefixBytes + headerLength;
        Dictionary<string, SafetensorsTensor> tensors = SafetensorsHeaderParser.Parse(start.Slice(PrefixBytes, headerLength), PrefixBytes, file);
        CheckLayout(tensors.Values, dataOffset, fileLength - dataOffset, file);
        return new SafetensorsHeader(dataOffset, tensors);
    }

    private static int ReadHeaderLength(ReadOnlySpan<byte> start, long fileLength, string file)
    {
        if (fileLength < PrefixBytes)
            throw new ModelFormatException("the file is too short for a safetensors file", file, expected: $"at least {PrefixBytes} bytes", found: $"{fileLength} bytes");
        if (start.StartsWith("version "u8))
            throw new ModelFormatException("the file is a Git LFS pointer, not the weights themselves; fetch them with 'git lfs pull'", file, offset: 0);

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        ulong available = (ulong)(fileLength - PrefixBytes);
        if (length > available)
            throw new ModelFormatException("the header ends past the end of the file: this is no safetensors file, or it is cut short", file, offset: 0, expected: $"a header of at most {available} bytes", found: $"{length} bytes");
        if (length > MaxHeaderBytes)
            throw new ModelFormatException("the header is too long", file, offset: 0, expected: $"at most {MaxHeaderBytes} bytes", found: $"{length} bytes");
        return (int)length;
    }

    private static void CheckLayout(ICollection<SafetensorsTensor> tensors, long dataOffset, long dataLength, string file)
    {
        SafetensorsTensor[] inOrder = [.. tensors];
        foreach (SafetensorsTensor tensor in inOrder) CheckRange(tensor, dataOffset, dataLength, file);
        Array.Sort(inOrder, (left, right) => left.Begin != right.Begin ? left.Begin.CompareTo(right.Begin) : left.End.CompareTo(right.End));

        SafetensorsTensor? previous = null;
        long end = 0;
        foreach (SafetensorsTensor tensor in inOrder)
        {
            if (tensor.Begin < end)
                throw Fault("the tensor overlaps another", tensor, dataOffset, file, $"data_offsets that begin at {end}", $"{Offsets(tensor)}, after {Offsets(previous!)} of {MessageText.Excerpt(previous!.Name)}");
            if (tensor.Begin > end)
                throw Fault("bytes before the tensor belong to no tensor", tensor, dataOffset, file, $"data_offsets that begin at {end}", Offsets(tensor));
            previous = tensor;
            end = tensor.End;
        }
        if (end != dataLength)
            throw new ModelFormatException("bytes after the last tensor belong to no tensor", file, offset: dataOffset + end, expected: "the end of the file", found: $"{dataLength - end} more bytes");
    }

    private static void CheckRange(SafetensorsTensor tensor, long dataOffset, long dataLength, string file)
    {
        if (tensor.Begin < 0 || tensor.Begin > tensor.End)
            throw Fault("the tensor's data_offsets are impossible", tensor, null, file, "0 <= begin <= end", Offsets(tensor));
        if (tensor.End > dataLength)
            throw Fault("the tensor ends past the end of the file, which may be cut short", tensor, dataOffset, file, $"data_offsets within the {dataLength} bytes of data", Offsets(tensor));

        long? expectedBytes = ByteCount(tensor, file);
        if (expectedBytes is not null && expectedBytes != tensor.End - tensor.Begin)
            throw Fault("the tensor's size contradicts its shape", tensor, dataOffset, file, $"{expectedBytes} bytes for {tensor.DTypeName} {Shape(tensor)}", $"{tensor.End - tensor.Begin} bytes");
    }

    // Null for a number format of unknown size: such a tensor may lie in the file, but cannot be used.
    private static long? ByteCount(SafetensorsTensor tensor, string file)
    {
        try
        {
            long elementCount = 1;
            foreach (long dimension in tensor.Shape)
            {
                if (dimension < 0) throw Fault("the tensor has a negative dimension", tensor, null, file, "dimensions of at least 0", "shape " + Shape(tensor));
                elementCount = checked(elementCount * dimension);
            }
            if (SafetensorsDType.BitsPerElement(tensor.DTypeName) is not { } bits) return null;
            long bitCount = checked(elementCount * bits);
            return bitCount % 8 == 0 ? bitCount / 8 : throw Fault("the tensor does not fill whole bytes", tensor, null, file, "a whole number of bytes", $"{bitCount} bits");
        }
        catch (OverflowException fault)
        {
            throw Fault("the tensor has more elements than any file holds", tensor, null, file, "fewer than 2^63 bits", "shape " + Shape(tensor), fault);
        }
    }

    private static string Shape(SafetensorsTensor tensor) => $"[{string.Join(", ", tensor.Shape)}]";

    private static string Offsets(SafetensorsTensor tensor) => $"data_offsets [{tensor.Begin}, {tensor.End}]";

    private static ModelFormatException Fault(string problem, SafetensorsTensor tensor, long? dataOffset, string file, string expected, string found, Exception? inner = null) =>
        new(problem, file, MessageText.Excerpt(tensor.Name), dataOffset + tensor.Begin, expected, found, inner);
}
