using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Steno.Tensors;

namespace Steno.Formats.Gguf;

/// <summary>
/// Writes a GGUF file of version 3: metadata and tensors in the order in which they are added, offsets without gaps, every tensor padded,
/// as the strictest reader wants them. Tensors are streamed: none is held in memory.
/// </summary>
internal sealed class GgufWriter
{
    private const int Version = 3;
    private const int Alignment = GgufHeader.DefaultAlignment;

    // GGML takes names of up to 63 bytes.
    private const int MaxNameBytes = 63;

    private readonly ArrayBufferWriter<byte> _values = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly List<Entry> _tensors = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Writes the bytes of a tensor to a stream.</summary>
    public delegate void DataWriter(Stream stream, CancellationToken cancellationToken);

    /// <summary>Bytes of all tensors with their padding.</summary>
    public long DataBytes { get; private set; }

    /// <summary>Whether a tensor has blocks whose layout may change with GGML's version.</summary>
    public bool HasQuantizedTensors => _tensors.Exists(tensor => DTypeInfo.Of(tensor.Type).IsQuantized);

    /// <summary>The format of most weights.</summary>
    public DType MostType => _tensors
        .GroupBy(tensor => tensor.Type)
        .MaxBy(group => group.Sum(tensor => tensor.ByteCount / DTypeInfo.Of(tensor.Type).BlockBytes * DTypeInfo.Of(tensor.Type).BlockLength))!.Key;

    /// <summary>Bytes of the file.</summary>
    public long FileBytes => Header().Length + DataBytes;

    public void Add(string key, string value)
    {
        BeginValue(key, GgufValueType.String);
        WriteText(_values, Encoding.UTF8.GetBytes(value));
    }

    public void Add(string key, uint value)
    {
        BeginValue(key, GgufValueType.UInt32);
        WriteInt32(_values, (int)value);
    }

    public void Add(string key, float value)
    {
        BeginValue(key, GgufValueType.Float32);
        WriteInt32(_values, BitConverter.SingleToInt32Bits(value));
    }

    public void Add(string key, bool value)
    {
        BeginValue(key, GgufValueType.Bool);
        _values.Write([value ? (byte)1 : (byte)0]);
    }

    public void Add(string key, IReadOnlyCollection<byte[]> texts)
    {
        BeginArray(key, GgufValueType.String, texts.Count);
        foreach (byte[] text in texts) WriteText(_values, text);
    }

    public void Add(string key, IReadOnlyCollection<int> numbers)
    {
        BeginArray(key, GgufValueType.Int32, numbers.Count);
        foreach (int number in numbers) WriteInt32(_values, number);
    }

    /// <summary>Adds a tensor, of which only name, type and shape are kept until the file is written.</summary>
    /// <param name="name">A name that no other tensor has.</param>
    /// <param name="type">Number format.</param>
    /// <param name="shape">Dimensions, outermost first; rows of whole blocks.</param>
    /// <param name="write">Writes exactly as many bytes as the tensor has.</param>
    public void AddTensor(string name, DType type, long[] shape, DataWriter write)
    {
        DTypeInfo info = DTypeInfo.Of(type);
        if (Encoding.UTF8.GetByteCount(name) is 0 or > MaxNameBytes || !_names.Add(name))
            throw new ArgumentException($"'{name}' cannot name a tensor.", nameof(name));
        if (shape.Length is 0 or > GgufHeader.MaxRank || shape[^1] % info.BlockLength != 0)
            throw new ArgumentException($"{name}: rows of [{string.Join(", ", shape)}] do not hold whole blocks of {type}.", nameof(shape));
        long byteCount = info.BytesOf(shape.Aggregate(1L, (product, dimension) => checked(product * dimension)));
        _tensors.Add(new Entry(name, type, shape, DataBytes, byteCount, write));
        DataBytes += Padded(byteCount);
    }

    /// <summary>Writes the file.</summary>
    /// <param name="stream">Stands at the start of the file.</param>
    /// <param name="cancellationToken">Checked before each tensor, and handed to what writes it.</param>
    public void Write(Stream stream, CancellationToken cancellationToken)
    {
        stream.Write(Header());
        foreach (Entry tensor in _tensors)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = stream.Position;
            tensor.Write(stream, cancellationToken);
            long written = stream.Position - start;
            if (written != tensor.ByteCount)
                throw new InvalidOperationException($"{tensor.Name} has {tensor.ByteCount} bytes, but {written} were written.");
            stream.Write(new byte[Padded(written) - written]);
        }
    }

    private static long Padded(long byteCount) => (byteCount + Alignment - 1) / Alignment * Alignment;

    private static void WriteInt32(ArrayBufferWriter<byte> target, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        target.Write(bytes);
    }

    private static void WriteInt64(ArrayBufferWriter<byte> target, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        target.Write(bytes);
    }

    private static void WriteText(ArrayBufferWriter<byte> target, ReadOnlySpan<byte> text)
    {
        WriteInt64(target, text.Length);
        target.Write(text);
    }

    private ReadOnlySpan<byte> Header()
    {
        var header = new ArrayBufferWriter<byte>();
        header.Write("GGUF"u8);
        WriteInt32(header, Version);
        WriteInt64(header, _tensors.Count);
        WriteInt64(header, _keys.Count);
        header.Write(_values.WrittenSpan);
        foreach (Entry tensor in _tensors)
        {
            WriteText(header, Encoding.UTF8.GetBytes(tensor.Name));
            WriteInt32(header, tensor.Shape.Length);
            foreach (long dimension in tensor.Shape.AsEnumerable().Reverse()) WriteInt64(header, dimension);
            WriteInt32(header, GgufTensorType.Of(tensor.Type).Id);
            WriteInt64(header, tensor.Offset);
        }

        header.Write(new byte[Padded(header.WrittenCount) - header.WrittenCount]);
        return header.WrittenSpan;
    }

    private void BeginValue(string key, GgufValueType type)
    {
        if (!_keys.Add(key)) throw new ArgumentException($"The key {key} has a value already.", nameof(key));
        WriteText(_values, Encoding.ASCII.GetBytes(key));
        WriteInt32(_values, (int)type);
    }

    private void BeginArray(string key, GgufValueType elementType, int count)
    {
        BeginValue(key, GgufValueType.Array);
        WriteInt32(_values, (int)elementType);
        WriteInt64(_values, count);
    }

    private sealed record Entry(string Name, DType Type, long[] Shape, long Offset, long ByteCount, DataWriter Write);
}
