using System.Text;
using Steno.Formats.Gguf;

namespace Steno.Formats.Ggmm;

/// <summary>Reads what a file says of itself into records, and checks all that it claims.</summary>
internal readonly struct GgmmHeaderParser
{
    private const int FixedBytes = 20;
    private const int Version = 1;
    private const int DataAlignment = 16;

    // The lengths, the name, and all dimensions.
    private const int MaxDescriptionBytes = sizeof(int) + GgmmHeader.MaxNameBytes + ((GgmmHeader.MaxRank + 2) * sizeof(int));

    private readonly ModelFile _content;
    private readonly string _file;

    private GgmmHeaderParser(ModelFile content, string file)
    {
        _content = content;
        _file = file;
    }

    /// <summary>Reads and checks a file.</summary>
    /// <param name="content">The file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="ModelFormatException">The file is none of chatllm.cpp, is cut short, or contradicts itself.</exception>
    public static GgmmHeader Parse(ModelFile content, string file) => new GgmmHeaderParser(content, file).Read();

    private GgmmHeader Read()
    {
        var reader = new GgmmReader(_content.Head(FixedBytes), 0, _file);
        GgmmReader atStart = reader;
        if (!reader.Take(4, "its first letters").SequenceEqual("ggmm"u8)) throw atStart.Fault("this is no file of chatllm.cpp", "the letters ggmm");
        reader.Int32("the version", Version, Version);
        int numbers = ReadOffset(ref reader, "the offset of the numbers", FixedBytes, GgmmHeader.MaxJsonBytes);
        int tokens = ReadOffset(ref reader, "the offset of the tokens", numbers, GgmmHeader.MaxNumberBytes);
        int tensors = ReadOffset(ref reader, "the offset of the tensors", tokens, GgmmHeader.MaxTokenBytes);
        byte[] head = _content.Head(tensors);
        return new GgmmHeader(head, Json(head, numbers), ReadNumbers(head.AsSpan(numbers..tokens), numbers), new GgmmSection(tokens, tensors - tokens), ReadTensors(tensors));
    }

    private int ReadOffset(ref GgmmReader reader, string what, int minimum, int maxLength) =>
        reader.Int32(what, minimum, (int)Math.Min(_content.Length, (long)minimum + maxLength));

    // What fills it up to a whole number of words may be of any kind that is no JSON.
    private static GgmmSection Json(ReadOnlySpan<byte> head, int end) => new(FixedBytes, head[FixedBytes..end].TrimEnd("\0 \t\r\n"u8).Length);

    private int[] ReadNumbers(ReadOnlySpan<byte> bytes, int start)
    {
        var reader = new GgmmReader(bytes, start, _file);
        int[] values = new int[bytes.Length / sizeof(int)];
        for (int i = 0; i < values.Length; i++) values[i] = reader.Int32("a number of the configuration");
        return values;
    }

    private Dictionary<string, GgmmTensor> ReadTensors(long start)
    {
        var tensors = new Dictionary<string, GgmmTensor>(StringComparer.Ordinal);
        Span<byte> description = stackalloc byte[MaxDescriptionBytes];
        for (long position = start; position < _content.Length;)
        {
            Span<byte> bytes = description[..(int)Math.Min(MaxDescriptionBytes, _content.Length - position)];
            _content.Read(position, bytes);
            var reader = new GgmmReader(bytes, position, _file);
            GgmmReader before = reader;
            if (tensors.Count == GgmmHeader.MaxTensorCount) throw before.Fault("the file has too many tensors", $"at most {GgmmHeader.MaxTensorCount}");
            GgmmTensor tensor = ReadTensor(ref reader);
            if (!tensors.TryAdd(tensor.Name, tensor)) throw before.Fault("two tensors have the same name", tensor: tensor.Name);
            position = tensor.Offset + tensor.ByteCount;
        }

        return tensors;
    }

    private GgmmTensor ReadTensor(ref GgmmReader reader)
    {
        int nameLength = reader.Int32("the length of a tensor's name", 1, GgmmHeader.MaxNameBytes);
        string name = Encoding.Latin1.GetString(reader.Take(nameLength, "a tensor's name"));
        GgmmReader before = reader;
        long[] shape = new long[reader.Int32("a tensor's number of dimensions", 1, GgmmHeader.MaxRank)];
        for (int i = 0; i < shape.Length; i++) shape[i] = reader.Int32("a tensor's dimension", 1, int.MaxValue);
        int id = reader.Int32("a tensor's type");
        if (GgufTensorType.Find(id) is not { BlockLength: > 0 } type)
            throw before.Fault("the tensor's type is unknown", "a type that GGML has", $"{id}", name);
        if (shape[^1] % type.BlockLength != 0)
        {
            throw before.Fault(
                "the tensor's rows do not hold whole blocks of its type", $"a width that is a multiple of {type.BlockLength} for {type}", $"{shape[^1]}", name);
        }

        long offset = (reader.Position + DataAlignment - 1) / DataAlignment * DataAlignment;
        decimal byteCount = ByteCount(type, shape);
        if (byteCount > _content.Length - offset)
            throw before.Fault("the tensor ends past the end of the file, which may be cut short", $"{byteCount} bytes from byte {offset} on", $"{_content.Length} bytes in all", name);
        return new GgmmTensor(name, type, shape, offset, (long)byteCount);
    }

    // Each dimension is below 2^31: what is beyond the length of any file is not multiplied further.
    private decimal ByteCount(GgufTensorType type, long[] shape)
    {
        decimal byteCount = shape[^1] / type.BlockLength * type.BlockBytes;
        for (int i = 0; i < shape.Length - 1 && byteCount <= _content.Length; i++) byteCount *= shape[i];
        return byteCount;
    }
}
