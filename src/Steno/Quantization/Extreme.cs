namespace Steno.Quantization;

/// <summary>Largest values of a block.</summary>
internal static class Extreme
{
    /// <summary>The signed value of the largest magnitude, the first of equals; 0 where all are.</summary>
    public static float Of(ReadOnlySpan<float> values)
    {
        float extreme = 0;
        float magnitude = 0;
        foreach (float value in values)
        {
            if (MathF.Abs(value) <= magnitude) continue;
            magnitude = MathF.Abs(value);
            extreme = value;
        }

        return extreme;
    }
}
