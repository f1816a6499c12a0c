namespace Steno.Quantization;

/// <summary>
/// 256 weights in 110 bytes: 32 bytes with the third bit of each code (that of code i is bit i / 32 of byte i % 32), the two lower bits
/// as in <see cref="Q2_K"/>, 12 bytes with a 6-bit scale for each group of 16 weights, F16 d. A weight is d * (scale - 32) * (q - 4).
/// </summary>
internal readonly struct Q3_K : IBlockFormat
{
    public static int BlockLength => 256;

    public static int BlockBytes => 110;

    public static ReadOnlySpan<int> ScaleOffsets => [108];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 108);
        ReadOnlySpan<byte> scales = block.Slice(96, 12);
        for (int group = 0; group < 16; group++)
        {
            int lower = group < 8 ? scales[group] & 15 : scales[group - 8] >> 4;
            int upper = (scales[8 + (group % 4)] >> (2 * (group / 4))) & 3;
            float scale = d * ((lower | (upper << 4)) - 32);
            int column = 16 * (group % 2);
            ReadOnlySpan<byte> codes = block.Slice(32 + (32 * (group / 8)) + column, 16);
            ReadOnlySpan<byte> thirds = block.Slice(column, 16);
            int shift = 2 * (group / 2 % 4);
            Span<float> target = values.Slice(16 * group, 16);
            for (int i = 0; i < codes.Length; i++)
            {
                int code = ((codes[i] >> shift) & 3) | (((thirds[i] >> (group / 2)) & 1) << 2);
                target[i] = scale * (code - 4);
            }
        }
    }
}
