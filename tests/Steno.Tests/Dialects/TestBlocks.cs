namespace Steno.Tests.Dialects;

/// <summary>Blocks of the types that Steno reads but does not write, made simply: the nearest code to each value under a scale that holds the largest.</summary>
internal static class TestBlocks
{
    private static readonly int[] Levels = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>What encodes values in a type; null for those that Steno writes itself.</summary>
    public static Func<float[], byte[]>? Encoder(string type) => type switch
    {
        "Q4_1" => values => [.. values.Chunk(32).SelectMany(block => WithMinimum(block, 4))],
        "Q5_1" => values => [.. values.Chunk(32).SelectMany(block => WithMinimum(block, 5))],
        "Q2_K" => values => [.. values.Chunk(256).SelectMany(Q2_K)],
        "Q3_K" => values => [.. values.Chunk(256).SelectMany(Q3_K)],
        "IQ4_NL" => values => [.. values.Chunk(32).SelectMany(IQ4_NL)],
        "IQ4_XS" => values => [.. values.Chunk(256).SelectMany(IQ4_XS)],
        _ => null,
    };

    private static byte[] F16(float value) => BitConverter.GetBytes((Half)value);

    private static float Extreme(float[] values) => values.MaxBy(MathF.Abs);

    private static int Nearest(float value, float scale, int minimum, int maximum) =>
        scale == 0 ? 0 : Math.Clamp((int)MathF.Round(value / scale), minimum, maximum);

    private static byte[] Nibbles(int[] codes) => [.. Enumerable.Range(0, 16).Select(i => (byte)(codes[i] | (codes[i + 16] << 4)))];

    private static byte[] WithMinimum(float[] block, int bits)
    {
        float scale = (block.Max() - block.Min()) / ((1 << bits) - 1);
        int[] codes = [.. block.Select(value => scale == 0 ? 0 : (int)MathF.Round((value - block.Min()) / scale))];
        byte[] fifths = bits == 4 ? [] : BitConverter.GetBytes(codes.Select((code, i) => (uint)code >> 4 << i).Aggregate(0u, (all, bit) => all | bit));
        return [.. F16(scale), .. F16(block.Min()), .. fifths, .. Nibbles([.. codes.Select(code => code & 15)])];
    }

    private static byte[] Q2_K(float[] block)
    {
        float[][] groups = [.. block.Chunk(16)];
        float[] minimums = [.. groups.Select(group => Math.Max(0, -group.Min()))];
        float[] scales = [.. groups.Select((group, i) => Math.Max(0, group.Max() + minimums[i]) / 3)];
        float d = (float)(Half)(scales.Max() / 15);
        float dmin = (float)(Half)(minimums.Max() / 15);
        byte[] result = [.. new byte[80], .. F16(d), .. F16(dmin)];
        for (int g = 0; g < 16; g++)
        {
            int scale = Nearest(scales[g], d, 0, 15);
            int minimum = Nearest(minimums[g], dmin, 0, 15);
            result[g] = (byte)(scale | (minimum << 4));
            for (int i = 0; i < 16; i++)
                result[16 + (32 * (g / 8)) + (16 * (g % 2)) + i] |= (byte)(Nearest(groups[g][i] + (dmin * minimum), d * scale, 0, 3) << (2 * (g / 2 % 4)));
        }

        return result;
    }

    private static byte[] Q3_K(float[] block)
    {
        float[][] groups = [.. block.Chunk(16)];
        float[] scales = [.. groups.Select(group => Extreme(group) / -4)];
        float d = (float)(Half)(scales.Max(MathF.Abs) / 31);
        byte[] result = [.. new byte[108], .. F16(d)];
        for (int g = 0; g < 16; g++)
        {
            int scale = Nearest(scales[g], d, -32, 31);
            int stored = scale + 32;
            result[96 + (g % 8)] |= (byte)((stored & 15) << (g < 8 ? 0 : 4));
            result[104 + (g % 4)] |= (byte)(stored >> 4 << (2 * (g / 4)));
            for (int i = 0; i < 16; i++)
            {
                int code = Nearest(groups[g][i], d * scale, -4, 3) + 4;
                int element = (16 * g) + i;
                result[element % 32] |= (byte)(code >> 2 << (element / 32));
                result[32 + (32 * (g / 8)) + (16 * (g % 2)) + i] |= (byte)((code & 3) << (2 * (g / 2 % 4)));
            }
        }

        return result;
    }

    private static byte[] IQ4_NL(float[] block)
    {
        float d = (float)(Half)(Extreme(block) / Levels[0]);
        return [.. F16(d), .. Nibbles([.. block.Select(value => NearestLevel(value, d))])];
    }

    private static byte[] IQ4_XS(float[] block)
    {
        float[][] groups = [.. block.Chunk(32)];
        float[] scales = [.. groups.Select(group => Extreme(group) / Levels[0])];
        float d = (float)(Half)(scales.Max(MathF.Abs) / 31);
        int upper = 0;
        byte[] lower = new byte[4];
        var codes = new List<byte>();
        for (int g = 0; g < 8; g++)
        {
            int scale = Nearest(scales[g], d, -32, 31);
            upper |= (scale + 32) >> 4 << (2 * g);
            lower[g / 2] |= (byte)(((scale + 32) & 15) << (4 * (g % 2)));
            codes.AddRange(Nibbles([.. groups[g].Select(value => NearestLevel(value, d * scale))]));
        }

        return [.. F16(d), .. BitConverter.GetBytes((ushort)upper), .. lower, .. codes];
    }

    private static int NearestLevel(float value, float scale) =>
        scale == 0 ? 8 : Enumerable.Range(0, Levels.Length).MinBy(i => MathF.Abs((scale * Levels[i]) - value));
}
