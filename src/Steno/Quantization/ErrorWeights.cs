namespace Steno.Quantization;

/// <summary>How much the error of each weight counts in a search.</summary>
internal static class ErrorWeights
{
    /// <summary>importance * sqrt(meanSquare + x²): what is large counts more, and what is small does not count nothing.</summary>
    public static void Fill(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, float meanSquare, Span<float> weights)
    {
        for (int i = 0; i < values.Length; i++) weights[i] = importance[i] * MathF.Sqrt(meanSquare + (values[i] * values[i]));
    }

    /// <summary>Mean of the squares.</summary>
    public static float MeanSquare(ReadOnlySpan<float> values)
    {
        float sum = 0;
        foreach (float value in values) sum += value * value;
        return sum / values.Length;
    }
}
