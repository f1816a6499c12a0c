namespace Steno.Quantization;

/// <summary>
/// The 12 bytes of Q4_K and Q5_K that hold a 6-bit scale and a 6-bit minimum for each of 8 groups. Groups 0 to 3 have their scale in
/// bytes 0 to 3 and their minimum in bytes 4 to 7, six bits each; groups 4 to 7 have four bits of both in bytes 8 to 11, and the upper
/// two bits in the spare bits of the first eight bytes.
/// </summary>
internal static class PackedScales
{
    public const int ByteCount = 12;

    public static (int Scale, int Minimum) Read(ReadOnlySpan<byte> packed, int group)
    {
        if (group < 4) return (packed[group] & 63, packed[group + 4] & 63);
        int scale = (packed[group + 4] & 15) | (packed[group - 4] >> 6 << 4);
        int minimum = (packed[group + 4] >> 4) | (packed[group] >> 6 << 4);
        return (scale, minimum);
    }

    /// <summary>Stores the numbers of a group; groups are stored in order.</summary>
    public static void Write(Span<byte> packed, int group, int scale, int minimum)
    {
        if (group < 4)
        {
            packed[group] = (byte)scale;
            packed[group + 4] = (byte)minimum;
            return;
        }

        packed[group + 4] = (byte)((scale & 15) | ((minimum & 15) << 4));
        packed[group - 4] |= (byte)(scale >> 4 << 6);
        packed[group] |= (byte)(minimum >> 4 << 6);
    }
}
