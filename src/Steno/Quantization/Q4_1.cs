namespace Steno.Quantization;

/// <summary>32 weights in 20 bytes: F16 d, F16 m, then the codes q as in <see cref="Q4_0"/>. A weight is d * q + m.</summary>
internal readonly struct Q4_1 : IBlockFormat
{
    public static int BlockLength => 32;

    public static int BlockBytes => 20;

    public static ReadOnlySpan<int> ScaleOffsets => [0, 2];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 0);
        float m = F16Field.Read(block, 2);
        for (int i = 0; i < 16; i++)
        {
            values[i] = ((block[4 + i] & 15) * d) + m;
            values[i + 16] = ((block[4 + i] >> 4) * d) + m;
        }
    }
}
