using System.Buffers.Binary;
using System.Text;

namespace Steno.Tests.Support;

/// <summary>
/// Writes GGUF files by the format's description: "GGUF", u32 version, i64 tensor count, i64 key count, key-value records, tensor records,
/// padding to the alignment, data. A text is a u64 length and its bytes; dimensions stand innermost first.
/// </summary>
internal sealed class GgufTestWriter
{
    private readonly List<(string Key, byte[] TypedValue)> _values = [];
    private readonly List<(string Name, long[] Shape, int Type, TensorBytes Data)> _tensors = [];

    public int Version { get; init; } = 3;

    public int Alignment { get; init; } = 32;

    public static byte[] TextBytes(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return [.. UInt64((ulong)bytes.Length), .. bytes];
    }

    public static byte[] UInt32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] UInt64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }

    /// <summary>A value of any type, right or wrong: the type's number and the bytes that follow it.</summary>
    public GgufTestWriter Raw(string key, int type, byte[] value)
    {
        _values.Add((key, [.. UInt32((uint)type), .. value]));
        return this;
    }

    public GgufTestWriter Number(string key, uint value) => Raw(key, 4, UInt32(value));

    public GgufTestWriter Single(string key, float value) => Raw(key, 6, BitConverter.GetBytes(value));

    public GgufTestWriter Bool(string key, bool value) => Raw(key, 7, [value ? (byte)1 : (byte)0]);

    public GgufTestWriter Text(string key, string value) => Raw(key, 8, TextBytes(value));

    public GgufTestWriter Texts(string key, IReadOnlyCollection<string> values) =>
        Raw(key, 9, [.. UInt32(8), .. UInt64((ulong)values.Count), .. values.SelectMany(TextBytes)]);

    public GgufTestWriter Integers(string key, IReadOnlyCollection<int> values) =>
        Raw(key, 9, [.. UInt32(5), .. UInt64((ulong)values.Count), .. values.SelectMany(value => UInt32((uint)value))]);

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Dimensions, outermost first.</param>
    /// <param name="type">GGML's number of its type.</param>
    /// <param name="data">Its bytes.</param>
    public GgufTestWriter Tensor(string name, long[] shape, int type, byte[] data) => Tensor(name, shape, type, new TensorBytes(data));

    /// <inheritdoc cref="Tensor(string, long[], int, byte[])"/>
    public GgufTestWriter Tensor(string name, long[] shape, int type, TensorBytes data)
    {
        _tensors.Add((name, shape, type, data));
        return this;
    }

    /// <summary>Takes a tensor away.</summary>
    public GgufTestWriter Without(string tensor)
    {
        if (_tensors.RemoveAll(entry => entry.Name == tensor) != 1) throw new ArgumentException("There is no tensor " + tensor, nameof(tensor));
        return this;
    }

    /// <summary>Takes a key away.</summary>
    public GgufTestWriter WithoutKey(string key)
    {
        if (_values.RemoveAll(entry => entry.Key == key) != 1) throw new ArgumentException("There is no key " + key, nameof(key));
        return this;
    }

    /// <summary>The bytes of a tensor, to be changed.</summary>
    public byte[] DataOf(string tensor)
    {
        int index = _tensors.FindIndex(entry => entry.Name == tensor);
        byte[] data = _tensors[index].Data.Read();
        _tensors[index] = _tensors[index] with { Data = new TensorBytes(data) };
        return data;
    }

    public byte[] Write()
    {
        using var file = new MemoryStream();
        WriteTo(file);
        return file.ToArray();
    }

    public void WriteTo(Stream file)
    {
        file.Write("GGUF"u8);
        file.Write(UInt32((uint)Version));
        file.Write(UInt64((ulong)_tensors.Count));
        file.Write(UInt64((ulong)_values.Count));
        foreach ((string key, byte[] value) in _values)
        {
            file.Write(TextBytes(key));
            file.Write(value);
        }

        ulong offset = 0;
        foreach ((string name, long[] shape, int type, TensorBytes data) in _tensors)
        {
            file.Write(TextBytes(name));
            file.Write(UInt32((uint)shape.Length));
            foreach (long dimension in shape.Reverse()) file.Write(UInt64((ulong)dimension));
            file.Write(UInt32((uint)type));
            file.Write(UInt64(offset));
            offset += (ulong)((data.Count + Alignment - 1) / Alignment * Alignment);
        }

        foreach (TensorBytes data in _tensors.Select(tensor => tensor.Data))
        {
            Pad(file);
            file.Write(data.Read());
        }

        Pad(file);
    }

    private void Pad(Stream file) => file.Write(new byte[(Alignment - (file.Length % Alignment)) % Alignment]);
}
