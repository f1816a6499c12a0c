namespace Steno.Audio;

/// <summary>ITU-T G.711 expansion of 8-bit telephone samples, in [-1, 1].</summary>
/// <remarks>
/// A byte is sign, exponent e (3 bits) and mantissa m (4 bits), sent inverted: all bits for mu-law, every second one for A-law.
/// mu-law stands for ±((2m + 33)·2^e - 33) on a scale of 2^13; A-law for ±(2m + 1) when e = 0, else ±(2m + 33)·2^(e-1), on a
/// scale of 2^12.
/// </remarks>
internal static class G711
{
    /// <summary>The value of each A-law byte.</summary>
    public static readonly float[] ALaw = Table(ExpandALaw);

    /// <summary>The value of each mu-law byte.</summary>
    public static readonly float[] MuLaw = Table(ExpandMuLaw);

    private static float ExpandMuLaw(int code)
    {
        int bits = code ^ 0xFF;
        int exponent = (bits >> 4) & 7;
        int mantissa = bits & 15;
        float magnitude = ((((2 * mantissa) + 33) << exponent) - 33) / 8192f;
        return (bits & 0x80) != 0 ? -magnitude : magnitude;
    }

    private static float ExpandALaw(int code)
    {
        int bits = code ^ 0x55;
        int exponent = (bits >> 4) & 7;
        int mantissa = bits & 15;
        int steps = exponent == 0 ? (2 * mantissa) + 1 : ((2 * mantissa) + 33) << (exponent - 1);
        float magnitude = steps / 4096f;
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }

    private static float[] Table(Func<int, float> expand) => [.. Enumerable.Range(0, 256).Select(expand)];
}
