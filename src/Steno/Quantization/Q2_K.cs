namespace Steno.Quantization;

/// <summary>
/// 256 weights in 84 bytes: 16 bytes, one for each group of 16 weights, with a scale in the low and a minimum in the high half; 64 bytes
/// of 2-bit codes; F16 d; F16 dmin. In each half of 128 weights byte i of 32 holds the codes i, i + 32, i + 64 and i + 96.
/// A weight is d * scale * q - dmin * minimum.
/// </summary>
internal readonly struct Q2_K : IBlockFormat
{
    public static int BlockLength => 256;

    public static int BlockBytes => 84;

    public static ReadOnlySpan<int> ScaleOffsets => [80, 82];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 80);
        float dmin = F16Field.Read(block, 82);
        for (int group = 0; group < 16; group++)
        {
            float scale = d * (block[group] & 15);
            float minimum = dmin * (block[group] >> 4);
            ReadOnlySpan<byte> codes = block.Slice(16 + (32 * (group / 8)) + (16 * (group % 2)), 16);
            int shift = 2 * (group / 2 % 4);
            Span<float> target = values.Slice(16 * group, 16);
            for (int i = 0; i < codes.Length; i++) target[i] = (scale * ((codes[i] >> shift) & 3)) - minimum;
        }
    }
}
