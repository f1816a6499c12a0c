namespace Steno.Quantization;

/// <summary>A number in 4 bits: sign, 2 exponent bits of bias 1, 1 fraction bit (OCP microscaling, FP4).</summary>
internal static class E2M1
{
    /// <summary>The value of every code.</summary>
    public static ReadOnlySpan<float> Values => [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <summary>Twice the value of every code: whole numbers.</summary>
    public static ReadOnlySpan<sbyte> Halves => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];
}
