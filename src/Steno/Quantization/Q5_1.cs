using System.Buffers.Binary;

namespace Steno.Quantization;

/// <summary>32 weights in 24 bytes: F16 d, F16 m, then fifth bits and codes q as in <see cref="Q5_0"/>. A weight is d * q + m.</summary>
internal readonly struct Q5_1 : IBlockFormat
{
    public static int BlockLength => 32;

    public static int BlockBytes => 24;

    public static ReadOnlySpan<int> ScaleOffsets => [0, 2];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 0);
        float m = F16Field.Read(block, 2);
        uint fifth = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        for (int i = 0; i < 16; i++)
        {
            values[i] = (((block[8 + i] & 15) | (int)((fifth >> i) & 1) << 4) * d) + m;
            values[i + 16] = (((block[8 + i] >> 4) | (int)((fifth >> (i + 16)) & 1) << 4) * d) + m;
        }
    }
}
