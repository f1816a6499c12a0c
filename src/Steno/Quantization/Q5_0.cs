using System.Buffers.Binary;

namespace Steno.Quantization;

/// <summary>
/// 32 weights in 22 bytes: F16 d, 32 bits of which bit i is the fifth of code i, then the low four bits of the codes as in
/// <see cref="Q4_0"/>. A weight is d * (q - 16).
/// </summary>
internal readonly struct Q5_0 : IBlockQuantizer
{
    public static int BlockLength => 32;

    public static int BlockBytes => 22;

    public static ReadOnlySpan<int> ScaleOffsets => [0];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 0);
        uint fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[2..]);
        for (int i = 0; i < 16; i++)
        {
            values[i] = d * (((block[6 + i] & 15) | (int)((fifth >> i) & 1) << 4) - 16);
            values[i + 16] = d * (((block[6 + i] >> 4) | (int)((fifth >> (i + 16)) & 1) << 4) - 16);
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = Extreme.Of(values) / -16;
        float inverse = d != 0 ? 1 / d : 0;
        F16Field.Write(block, 0, d);
        Span<byte> codes = stackalloc byte[32];
        for (int i = 0; i < 32; i++) codes[i] = (byte)Code(values[i] * inverse);
        Pack(codes, block);
    }

    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, float rowMeanSquare, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[32];
        Span<float> weights = stackalloc float[32];
        ErrorWeights.Fill(values, importance, rowMeanSquare, weights);
        Span<float> scale = stackalloc float[1];
        SymmetricSearch.Find(values, weights, levelCount: 16, codes, scale);
        F16Field.Write(block, 0, scale[0]);
        Pack(codes, block);
    }

    private static void Pack(ReadOnlySpan<byte> codes, Span<byte> block)
    {
        uint fifth = 0;
        for (int i = 0; i < 16; i++)
        {
            block[6 + i] = (byte)((codes[i] & 15) | ((codes[i + 16] & 15) << 4));
            fifth |= ((uint)codes[i] >> 4 << i) | ((uint)codes[i + 16] >> 4 << (i + 16));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(block[2..], fifth);
    }

    private static int Code(float scaled) => Math.Min(31, (int)(scaled + 16.5f));
}
