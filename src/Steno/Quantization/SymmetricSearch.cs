namespace Steno.Quantization;

/// <summary>Finds a scale such that scale * q, with whole q from -n to n - 1, comes close to given values.</summary>
internal static class SymmetricSearch
{
    /// <summary>Below this magnitude a group counts as zero.</summary>
    public const float Negligible = 1e-15f;

    private const int StepCount = 9;
    private const float StepSize = 0.1f;

    // No caller has larger groups.
    private const int MaxLength = 32;

    /// <summary>
    /// Tries grids on which the extreme value lies near -n. With weights w, A = Σ w x q and B = Σ w q², the best scale for given
    /// codes is A / B, and its error is smallest where A² / B is largest.
    /// </summary>
    /// <param name="values">The values x.</param>
    /// <param name="weights">How much the squared error of each counts.</param>
    /// <param name="levelCount">The number n.</param>
    /// <param name="codes">Receives q + n.</param>
    /// <returns>The scale, of either sign.</returns>
    public static float Find(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int levelCount, Span<byte> codes)
    {
        float extreme = Extreme.Of(values);
        codes.Clear();
        if (MathF.Abs(extreme) < Negligible) return 0;

        (float a, float b) = Round(values, weights, -levelCount / extreme, levelCount, codes);
        float scale = b != 0 ? a / b : 0;
        float best = scale * a;
        Span<byte> trial = stackalloc byte[MaxLength];
        trial = trial[..values.Length];
        for (int step = -StepCount; step <= StepCount; step++)
        {
            if (step == 0) continue;
            (a, b) = Round(values, weights, -(levelCount + (StepSize * step)) / extreme, levelCount, trial);
            if (!(b > 0) || !(a * a > best * b)) continue;
            trial.CopyTo(codes);
            scale = a / b;
            best = scale * a;
        }

        return scale;
    }

    private static (float A, float B) Round(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float inverse, int levelCount, Span<byte> codes)
    {
        float a = 0;
        float b = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            int code = Math.Clamp((int)MathF.Round(inverse * value), -levelCount, levelCount - 1);
            codes[i] = (byte)(code + levelCount);
            float weight = weights[i];
            a += weight * value * code;
            b += weight * code * code;
        }

        return (a, b);
    }
}
