using System.Runtime.InteropServices;

namespace Steno.Quantization;

/// <summary>32 weights in 34 bytes: F16 d, then 32 signed bytes q. A weight is d * q.</summary>
internal readonly struct Q8_0 : IBlockQuantizer
{
    public static int BlockLength => 32;

    public static int BlockBytes => 34;

    public static ReadOnlySpan<int> ScaleOffsets => [0];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 0);
        ReadOnlySpan<sbyte> codes = MemoryMarshal.Cast<byte, sbyte>(block.Slice(2, 32));
        values = values[..32];
        for (int i = 0; i < codes.Length; i++) values[i] = d * codes[i];
    }

    public static void Quantize(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = MathF.Abs(Extreme.Of(values)) / 127;
        float inverse = d != 0 ? 1 / d : 0;
        F16Field.Write(block, 0, d);
        for (int i = 0; i < 32; i++)
            block[2 + i] = unchecked((byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero));
    }

    // With 8 bits there is nothing to gain.
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, float rowMeanSquare, Span<byte> block) => Quantize(values, block);
}
