namespace Steno.Quantization;

/// <summary>
/// 256 weights in 176 bytes: the header of <see cref="ScaleAndMinimum"/>, 32 bytes with the fifth bits (bit g of byte i is that of code i
/// of group g), then the low four bits of the codes as in <see cref="Q4_K"/>.
/// </summary>
internal readonly struct Q5_K : IBlockQuantizer
{
    private const int LowStart = ScaleAndMinimum.HeaderBytes + 32;

    public static int BlockLength => 256;

    public static int BlockBytes => 176;

    public static ReadOnlySpan<int> ScaleOffsets => [0, 2];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 0);
        float dmin = F16Field.Read(block, 2);
        ReadOnlySpan<byte> packed = block.Slice(4, PackedScales.ByteCount);
        ReadOnlySpan<byte> fifths = block.Slice(ScaleAndMinimum.HeaderBytes, 32);
        for (int group = 0; group < ScaleAndMinimum.GroupCount; group++)
        {
            (int scale, int minimum) = PackedScales.Read(packed, group);
            float step = d * scale;
            float offset = dmin * minimum;
            ReadOnlySpan<byte> codes = block.Slice(LowStart + (32 * (group / 2)), 32);
            int shift = 4 * (group % 2);
            Span<float> target = values.Slice(32 * group, 32);
            for (int i = 0; i < codes.Length; i++)
            {
                int code = ((codes[i] >> shift) & 15) | (((fifths[i] >> group) & 1) << 4);
                target[i] = (step * code) - offset;
            }
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        ScaleAndMinimum.Quantize(values, block, codes, maxCode: 31, new GridSteps(-0.5f, 0.1f, 15));
        Pack(codes, block);
    }

    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, float rowMeanSquare, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        ScaleAndMinimum.Quantize(values, importance, block, codes, maxCode: 31);
        Pack(codes, block);
    }

    private static void Pack(ReadOnlySpan<byte> codes, Span<byte> block)
    {
        Span<byte> fifths = block.Slice(ScaleAndMinimum.HeaderBytes, 32);
        Span<byte> lows = block[LowStart..];
        fifths.Clear();
        for (int pair = 0; pair < 4; pair++)
        {
            ReadOnlySpan<byte> source = codes.Slice(64 * pair, 64);
            for (int i = 0; i < 32; i++)
            {
                lows[(32 * pair) + i] = (byte)((source[i] & 15) | ((source[i + 32] & 15) << 4));
                fifths[i] |= (byte)((source[i] >> 4 << (2 * pair)) | (source[i + 32] >> 4 << ((2 * pair) + 1)));
            }
        }
    }
}
