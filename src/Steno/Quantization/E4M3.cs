namespace Steno.Quantization;

/// <summary>
/// A number in 8 bits: sign, 4 exponent bits of bias 7, 3 fraction bits; the kind without infinities (OCP 8-bit floating point, E4M3). The largest is 448,
/// the smallest 2^-9; 0x7F and 0xFF are NaN.
/// </summary>
internal static class E4M3
{
    private static readonly float[] Table = [.. Enumerable.Range(0, 256).Select(code => Value((byte)code))];

    /// <summary>The value of every code.</summary>
    public static ReadOnlySpan<float> Values => Table;

    // Normal numbers are (8 + fraction) * 2^(exponent - 10); the smallest exponent stands for the next one, without the leading one.
    private static float Value(byte code)
    {
        int exponent = (code >> 3) & 15;
        int fraction = code & 7;
        if (exponent == 15 && fraction == 7) return float.NaN;
        float magnitude = exponent == 0 ? MathF.ScaleB(fraction, -9) : MathF.ScaleB(8 + fraction, exponent - 10);
        return (code & 0x80) != 0 ? -magnitude : magnitude;
    }
}
