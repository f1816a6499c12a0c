namespace Steno.Quantization;

/// <summary>32 weights in 18 bytes, laid out as <see cref="Q4_0"/>. A weight is d * <see cref="Levels"/>[q].</summary>
internal readonly struct IQ4_NL : IBlockFormat
{
    public static int BlockLength => 32;

    public static int BlockBytes => 18;

    public static ReadOnlySpan<int> ScaleOffsets => [0];

    /// <summary>The sixteen levels, closer together near zero.</summary>
    public static ReadOnlySpan<sbyte> Levels => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 0);
        for (int i = 0; i < 16; i++)
        {
            values[i] = d * Levels[block[2 + i] & 15];
            values[i + 16] = d * Levels[block[2 + i] >> 4];
        }
    }
}
