namespace Steno.Quantization;

/// <summary>
/// 32 weights in 18 bytes: F16 d, then 16 bytes of codes q from 0 to 15; byte i holds q[i] in its low and q[i + 16] in its high half.
/// A weight is d * (q - 8).
/// </summary>
internal readonly struct Q4_0 : IBlockQuantizer
{
    public static int BlockLength => 32;

    public static int BlockBytes => 18;

    public static ReadOnlySpan<int> ScaleOffsets => [0];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 0);
        for (int i = 0; i < 16; i++)
        {
            values[i] = d * ((block[2 + i] & 15) - 8);
            values[i + 16] = d * ((block[2 + i] >> 4) - 8);
        }
    }

    // The extreme value takes the code 0 and is met exactly; d has its sign reversed.
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = Extreme.Of(values) / -8;
        float inverse = d != 0 ? 1 / d : 0;
        F16Field.Write(block, 0, d);
        for (int i = 0; i < 16; i++)
            block[2 + i] = (byte)(Code(values[i] * inverse) | (Code(values[i + 16] * inverse) << 4));
    }

    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, float rowMeanSquare, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[32];
        Span<float> weights = stackalloc float[32];
        ErrorWeights.Fill(values, importance, rowMeanSquare, weights);
        Span<float> scale = stackalloc float[1];
        SymmetricSearch.Find(values, weights, levelCount: 8, codes, scale);
        F16Field.Write(block, 0, scale[0]);
        for (int i = 0; i < 16; i++) block[2 + i] = (byte)(codes[i] | (codes[i + 16] << 4));
    }

    private static int Code(float scaled) => Math.Min(15, (int)(scaled + 8.5f));
}
