using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Steno.Packing;

/// <summary>Reads the fields of a header one after the other, within bounds.</summary>
internal ref struct PackedHeaderReader(ReadOnlySpan<byte> bytes, string file)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte Byte() => Take(1)[0];

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    /// <summary>A number of things that follow.</summary>
    public int Count(int max) => Int32() is var count && count >= 0 && count <= max
        ? count
        : throw new ModelFormatException("its header counts too many parts", file, expected: "at most " + max.ToString(CultureInfo.InvariantCulture));

    /// <summary>A dimension of a matrix: at least 1, and so small that a product of two and a few bytes each is no overflow.</summary>
    public int Dimension() => Int32() is var value && value is >= 1 and <= 1 << 28 ? value : throw Fault("dimension");

    public string Text(int maxBytes)
    {
        ReadOnlySpan<byte> utf8 = Take(Count(maxBytes));
        foreach (byte value in utf8)
        {
            if (value < ' ') throw Fault("name");
        }

        return Encoding.UTF8.GetString(utf8);
    }

    public readonly void RequireEnd()
    {
        if (!_rest.IsEmpty) throw Fault("length");
    }

    public readonly ModelFormatException Fault(string part) => new($"its header is damaged: the {part} is impossible", file);

    private int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new ModelFormatException("its header is cut short", file);
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
