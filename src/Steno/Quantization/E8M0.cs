namespace Steno.Quantization;

/// <summary>A scale in 8 bits: the power of two 2^(code - 127) (OCP microscaling); 255 is NaN.</summary>
internal static class E8M0
{
    private static readonly float[] Table = [.. Enumerable.Range(0, 256).Select(code => code == 255 ? float.NaN : MathF.ScaleB(1, code - 127))];

    /// <summary>The value of every code.</summary>
    public static ReadOnlySpan<float> Values => Table;
}
