namespace Steno.Quantization;

/// <summary>
/// 256 weights in 144 bytes: the header of <see cref="ScaleAndMinimum"/>, then 32 bytes of codes for each pair of groups, the first
/// group in the low and the second in the high halves.
/// </summary>
internal readonly struct Q4_K : IBlockQuantizer
{
    public static int BlockLength => 256;

    public static int BlockBytes => 144;

    public static ReadOnlySpan<int> ScaleOffsets => [0, 2];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 0);
        float dmin = F16Field.Read(block, 2);
        ReadOnlySpan<byte> packed = block.Slice(4, PackedScales.ByteCount);
        for (int group = 0; group < ScaleAndMinimum.GroupCount; group++)
        {
            (int scale, int minimum) = PackedScales.Read(packed, group);
            float step = d * scale;
            float offset = dmin * minimum;
            ReadOnlySpan<byte> codes = block.Slice(ScaleAndMinimum.HeaderBytes + (32 * (group / 2)), 32);
            int shift = 4 * (group % 2);
            Span<float> target = values.Slice(32 * group, 32);
            for (int i = 0; i < codes.Length; i++) target[i] = (step * ((codes[i] >> shift) & 15)) - offset;
        }
    }

    public static void Quantize(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        ScaleAndMinimum.Quantize(values, block, codes, maxCode: 15, new GridSteps(-1, 0.1f, 20));
        Pack(codes, block);
    }

    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, float rowMeanSquare, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        ScaleAndMinimum.Quantize(values, importance, block, codes, maxCode: 15);
        Pack(codes, block);
    }

    private static void Pack(ReadOnlySpan<byte> codes, Span<byte> block)
    {
        Span<byte> target = block[ScaleAndMinimum.HeaderBytes..];
        for (int pair = 0; pair < 4; pair++)
        {
            ReadOnlySpan<byte> source = codes.Slice(64 * pair, 64);
            for (int i = 0; i < 32; i++) target[(32 * pair) + i] = (byte)(source[i] | (source[i + 32] << 4));
        }
    }
}
