using System.Runtime.InteropServices;

namespace Steno.Quantization;

/// <summary>
/// 256 weights in 210 bytes: 128 bytes with the low four bits of the codes, 64 bytes with the upper two, a signed byte of scale for each
/// group of 16 weights, F16 d. A weight is d * scale * (q - 32).
/// </summary>
/// <remarks>
/// Each half of 128 weights has 64 bytes of low bits, 32 of upper bits and 8 scales. With k = 0..3, weight 32 k + i of a half has its low
/// bits in byte i + 32 (k % 2), in the low half of the byte for k below 2, and its upper bits in bits 2k and 2k + 1 of byte i.
/// </remarks>
internal readonly struct Q6_K : IBlockQuantizer
{
    private const int UpperStart = 128;
    private const int ScaleStart = 192;
    private const int DStart = 208;
    private const int GroupLength = 16;
    private const int GroupCount = 16;
    private const int LevelCount = 32;

    public static int BlockLength => 256;

    public static int BlockBytes => 210;

    public static ReadOnlySpan<int> ScaleOffsets => [DStart];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = F16Field.Read(block, DStart);
        ReadOnlySpan<sbyte> scales = MemoryMarshal.Cast<byte, sbyte>(block.Slice(ScaleStart, GroupCount));
        for (int group = 0; group < GroupCount; group++)
        {
            float scale = d * scales[group];
            int half = group / 8;
            int quarter = group / 2 % 4;
            int column = GroupLength * (group % 2);
            ReadOnlySpan<byte> lows = block.Slice((64 * half) + (32 * (quarter % 2)) + column, GroupLength);
            ReadOnlySpan<byte> uppers = block.Slice(UpperStart + (32 * half) + column, GroupLength);
            int lowShift = 4 * (quarter / 2);
            int upperShift = 2 * quarter;
            Span<float> target = values.Slice(GroupLength * group, GroupLength);
            for (int i = 0; i < target.Length; i++)
            {
                int code = ((lows[i] >> lowShift) & 15) | (((uppers[i] >> upperShift) & 3) << 4);
                target[i] = scale * (code - LevelCount);
            }
        }
    }

    // Large values count more: as their square.
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> squares = stackalloc float[256];
        for (int i = 0; i < squares.Length; i++) squares[i] = values[i] * values[i];
        Quantize(values, squares, block);
    }

    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, float rowMeanSquare, Span<byte> block) =>
        Quantize(values, importance, block);

    private static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        Span<float> scales = stackalloc float[GroupCount];
        for (int half = 0; half < 2; half++)
        {
            int first = 128 * half;
            SymmetricSearch.Find(values.Slice(first, 128), weights.Slice(first, 128), LevelCount, codes.Slice(first, 128), scales.Slice(EightGroups.Count * half, EightGroups.Count));
        }

        float largest = Extreme.Of(scales);
        block.Clear();
        if (MathF.Abs(largest) < SymmetricSearch.Negligible) return;

        float inverse = -128 / largest;
        float d = F16Field.Write(block, DStart, 1 / inverse);
        for (int group = 0; group < GroupCount; group++)
        {
            int scale = Math.Min(127, (int)MathF.Round(inverse * scales[group]));
            block[ScaleStart + group] = unchecked((byte)(sbyte)scale);
            float step = d * scale;
            if (step == 0) continue;
            for (int i = GroupLength * group; i < GroupLength * (group + 1); i++)
                codes[i] = (byte)(Math.Clamp((int)MathF.Round(values[i] / step), -LevelCount, LevelCount - 1) + LevelCount);
        }

        Pack(codes, block);
    }

    private static void Pack(ReadOnlySpan<byte> codes, Span<byte> block)
    {
        for (int half = 0; half < 2; half++)
        {
            ReadOnlySpan<byte> source = codes.Slice(128 * half, 128);
            Span<byte> lows = block.Slice(64 * half, 64);
            Span<byte> uppers = block.Slice(UpperStart + (32 * half), 32);
            for (int i = 0; i < 32; i++)
            {
                lows[i] = (byte)((source[i] & 15) | ((source[i + 64] & 15) << 4));
                lows[i + 32] = (byte)((source[i + 32] & 15) | ((source[i + 96] & 15) << 4));
                uppers[i] = (byte)((source[i] >> 4) | (source[i + 32] >> 4 << 2) | (source[i + 64] >> 4 << 4) | (source[i + 96] >> 4 << 6));
            }
        }
    }
}
