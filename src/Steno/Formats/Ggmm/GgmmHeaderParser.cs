using System.Text;
using Steno.Formats.Gguf;

namespace Steno.Formats.Ggmm;

/// <summary>Reads what a file says of itself into records, and checks all that it claims.</summary>
internal unsafe ref struct GgmmHeaderParser
{
    private const int FixedBytes = 20;
    private const int Version = 1;
    private const int DataAlignment = 16;

    private readonly byte* _start;
    private readonly long _length;
    private GgmmReader _reader;

    private GgmmHeaderParser(byte* start, long length, string file)
    {
        _start = start;
        _length = length;
        _reader = new GgmmReader(start, length, file);
    }

    /// <summary>Reads and checks a file.</summary>
    /// <param name="start">Its first byte.</param>
    /// <param name="length">Its length.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="ModelFormatException">The file is none of chatllm.cpp, is cut short, or contradicts itself.</exception>
    public static GgmmHeader Parse(byte* start, long length, string file) => new GgmmHeaderParser(start, length, file).Read();

    private GgmmHeader Read()
    {
        GgmmReader atStart = _reader;
        if (!_reader.Take(4, "its first letters").SequenceEqual("ggmm"u8)) throw atStart.Fault("this is no file of chatllm.cpp", "the letters ggmm");
        _reader.Int32("the version", Version, Version);
        int numbers = ReadOffset("the offset of the numbers", FixedBytes, GgmmHeader.MaxJsonBytes);
        int tokens = ReadOffset("the offset of the tokens", numbers, GgmmHeader.MaxNumberBytes);
        int tensors = ReadOffset("the offset of the tensors", tokens, GgmmHeader.MaxTokenBytes);
        int[] values = ReadNumbers(numbers, tokens);
        return new GgmmHeader(Json(numbers), values, new GgmmSection(tokens, tensors - tokens), ReadTensors(tensors));
    }

    private int ReadOffset(string what, int minimum, int maxLength) => _reader.Int32(what, minimum, (int)Math.Min(_length, (long)minimum + maxLength));

    // What fills it up to a whole number of words may be of any kind that is no JSON.
    private readonly GgmmSection Json(int end)
    {
        int length = new ReadOnlySpan<byte>(_start + FixedBytes, end - FixedBytes).TrimEnd("\0 \t\r\n"u8).Length;
        return new GgmmSection(FixedBytes, length);
    }

    private int[] ReadNumbers(int start, int end)
    {
        _reader.Position = start;
        int[] values = new int[(end - start) / sizeof(int)];
        for (int i = 0; i < values.Length; i++) values[i] = _reader.Int32("a number of the configuration");
        return values;
    }

    private Dictionary<string, GgmmTensor> ReadTensors(int start)
    {
        var tensors = new Dictionary<string, GgmmTensor>(StringComparer.Ordinal);
        _reader.Position = start;
        while (_reader.Remaining > 0)
        {
            GgmmReader before = _reader;
            if (tensors.Count == GgmmHeader.MaxTensorCount) throw before.Fault("the file has too many tensors", $"at most {GgmmHeader.MaxTensorCount}");
            GgmmTensor tensor = ReadTensor();
            if (!tensors.TryAdd(tensor.Name, tensor)) throw before.Fault("two tensors have the same name", tensor: tensor.Name);
        }

        return tensors;
    }

    private GgmmTensor ReadTensor()
    {
        int nameLength = _reader.Int32("the length of a tensor's name", 1, GgmmHeader.MaxNameBytes);
        string name = Encoding.Latin1.GetString(_reader.Take(nameLength, "a tensor's name"));
        GgmmReader before = _reader;
        long[] shape = new long[_reader.Int32("a tensor's number of dimensions", 1, GgmmHeader.MaxRank)];
        for (int i = 0; i < shape.Length; i++) shape[i] = _reader.Int32("a tensor's dimension", 1, int.MaxValue);
        int id = _reader.Int32("a tensor's type");
        if (GgufTensorType.Find(id) is not { BlockLength: > 0 } type)
            throw before.Fault("the tensor's type is unknown", "a type that GGML has", $"{id}", name);
        if (shape[^1] % type.BlockLength != 0)
        {
            throw before.Fault(
                "the tensor's rows do not hold whole blocks of its type", $"a width that is a multiple of {type.BlockLength} for {type}", $"{shape[^1]}", name);
        }

        long offset = (_reader.Position + DataAlignment - 1) / DataAlignment * DataAlignment;
        long byteCount = ByteCount(type, shape);
        if (byteCount > _length - offset)
            throw before.Fault("the tensor ends past the end of the file, which may be cut short", $"{byteCount} bytes from byte {offset} on", $"{_length} bytes in all", name);
        _reader.Position = offset + byteCount;
        return new GgmmTensor(name, type, shape, offset, byteCount);
    }

    // Each dimension is below 2^31: what is beyond the length of any file is not multiplied further.
    private readonly long ByteCount(GgufTensorType type, long[] shape)
    {
        long byteCount = shape[^1] / type.BlockLength * type.BlockBytes;
        for (int i = 0; i < shape.Length - 1 && byteCount <= _length; i++) byteCount = checked(byteCount * shape[i]);
        return byteCount;
    }
}
