using System.Buffers.Binary;

namespace Steno.Quantization;

/// <summary>
/// 256 weights in 136 bytes: F16 d, 16 bits with the upper two of each scale, 4 bytes with the lower four, then 8 groups of 32 codes
/// laid out as in <see cref="Q4_0"/>. A weight is d * (scale - 32) * level[q], with the levels of <see cref="IQ4_NL"/>.
/// </summary>
internal readonly struct IQ4_XS : IBlockFormat
{
    public static int BlockLength => 256;

    public static int BlockBytes => 136;

    public static ReadOnlySpan<int> ScaleOffsets => [0];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, 0);
        int upper = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (int group = 0; group < 8; group++)
        {
            int lower = (block[4 + (group / 2)] >> (4 * (group % 2))) & 15;
            float scale = d * ((lower | (((upper >> (2 * group)) & 3) << 4)) - 32);
            ReadOnlySpan<byte> codes = block.Slice(8 + (16 * group), 16);
            Span<float> target = values.Slice(32 * group, 32);
            for (int i = 0; i < codes.Length; i++)
            {
                target[i] = scale * IQ4_NL.Levels[codes[i] & 15];
                target[i + 16] = scale * IQ4_NL.Levels[codes[i] >> 4];
            }
        }
    }
}
