namespace Steno.Packagings;

/// <summary>Numbers into the bytes of files.</summary>
internal static class Numbers
{
    // The values of E4M3 and E2M1 by their definitions, in the order of the codes of positive numbers.
    private static readonly double[] E4M3Magnitudes = [.. Enumerable.Range(0, 127).Select(code => code < 8 ? code / 512.0 : (1 + (code % 8 / 8.0)) * Math.Pow(2, (code / 8) - 7))];
    private static readonly double[] E2M1Magnitudes = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

    /// <summary>The number that an E4M3 code stands for.</summary>
    public static double E4M3(byte code) => (code & 127) == 127 ? double.NaN : (code < 128 ? 1 : -1) * E4M3Magnitudes[code & 127];

    /// <summary>The number that an E2M1 code stands for.</summary>
    public static double E2M1(int code) => (code < 8 ? 1 : -1) * E2M1Magnitudes[code & 7];

    /// <summary>The nearest E4M3 code.</summary>
    public static byte ToE4M3(double value) => (byte)(Nearest(E4M3Magnitudes, Math.Abs(value)) | (value < 0 ? 128 : 0));

    /// <summary>The nearest E2M1 code.</summary>
    public static byte ToE2M1(double value) => (byte)(Nearest(E2M1Magnitudes, Math.Abs(value)) | (value < 0 ? 8 : 0));

    /// <summary>A value in a number format of files, and what is left of it.</summary>
    public static float Round(string dtype, double value) => dtype switch
    {
        "F32" => (float)value,
        "F16" => (float)(Half)value,
        "BF16" => BitConverter.UInt32BitsToSingle((uint)BrainBits((float)value) << 16),
        _ => throw new NotSupportedException(dtype),
    };

    /// <summary>Values in a number format of files.</summary>
    public static byte[] Bytes(string dtype, IReadOnlyList<float> values)
    {
        int size = dtype == "F32" ? 4 : 2;
        byte[] bytes = new byte[(long)size * values.Count];
        for (int i = 0; i < values.Count; i++)
        {
            uint bits = dtype switch
            {
                "F32" => BitConverter.SingleToUInt32Bits(values[i]),
                "F16" => BitConverter.HalfToUInt16Bits((Half)values[i]),
                "BF16" => BrainBits(values[i]),
                _ => throw new NotSupportedException(dtype),
            };
            for (int j = 0; j < size; j++) bytes[((long)size * i) + j] = (byte)(bits >> (8 * j));
        }

        return bytes;
    }

    /// <summary>Codes one behind the other, the lowest bit of each first, filled up with zeros to whole words of 32 bits.</summary>
    public static byte[] Words(IReadOnlyList<int> codes, int bits)
    {
        byte[] words = new byte[((codes.Count * (long)bits) + 31) / 32 * 4];
        long bit = 0;
        for (int i = 0; i < codes.Count; i++)
        {
            for (int j = 0; j < bits; j++, bit++)
            {
                if (((codes[i] >> j) & 1) != 0) words[bit / 8] |= (byte)(1 << (int)(bit % 8));
            }
        }

        return words;
    }

    private static ushort BrainBits(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint rest = bits & 0xFFFF;
        uint kept = bits >> 16;
        return (ushort)(rest > 0x8000 || (rest == 0x8000 && (kept & 1) != 0) ? kept + 1 : kept);
    }

    private static int Nearest(double[] ascending, double value)
    {
        int index = Array.BinarySearch(ascending, value);
        if (index >= 0) return index;
        int above = Math.Min(~index, ascending.Length - 1);
        int below = Math.Max(above - 1, 0);
        return value - ascending[below] < ascending[above] - value ? below : above;
    }
}
