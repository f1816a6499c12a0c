using System.Buffers.Binary;

namespace Steno.Quantization;

/// <summary>A scale or minimum in a block: IEEE binary16, little-endian.</summary>
internal static class F16Field
{
    public static float Read(ReadOnlySpan<byte> block, int offset) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[offset..]);

    /// <summary>Stores a value, rounded to nearest, ties to even.</summary>
    /// <returns>The value as stored.</returns>
    public static float Write(Span<byte> block, int offset, float value)
    {
        var rounded = (Half)value;
        BinaryPrimitives.WriteHalfLittleEndian(block[offset..], rounded);
        return (float)rounded;
    }
}
