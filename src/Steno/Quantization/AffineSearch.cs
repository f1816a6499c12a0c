namespace Steno.Quantization;

/// <summary>Finds a scale and a minimum such that scale * q - minimum, with whole q from 0 up, comes close to given values.</summary>
internal static class AffineSearch
{
    // No caller has larger groups.
    private const int MaxLength = 32;

    /// <summary>
    /// Tries grids of slightly different numbers of levels. For each, the codes are rounded, then scale and minimum follow from least
    /// squares; the best so far is kept, and its minimum is where the next grids begin.
    /// </summary>
    /// <param name="values">The values.</param>
    /// <param name="weights">How much the squared error of each counts.</param>
    /// <param name="codes">Receives q.</param>
    /// <param name="maxCode">Largest q.</param>
    /// <param name="steps">The grids that are tried.</param>
    /// <param name="minimum">Receives the number, 0 or more, that is subtracted.</param>
    /// <returns>The scale.</returns>
    public static float Find(
        ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<byte> codes, int maxCode, GridSteps steps, out float minimum)
    {
        float low = values[0];
        float high = values[0];
        float weightSum = 0;
        float weightedSum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            low = MathF.Min(low, values[i]);
            high = MathF.Max(high, values[i]);
            weightSum += weights[i];
            weightedSum += weights[i] * values[i];
        }

        if (low > 0) low = 0;
        minimum = -low;
        codes.Clear();
        if (high == low) return 0;

        float inverse = maxCode / (high - low);
        float scale = 1 / inverse;
        Round(values, low, inverse, maxCode, codes);
        float error = Error(values, weights, codes, scale, low);

        Span<byte> trial = stackalloc byte[MaxLength];
        trial = trial[..values.Length];
        for (int step = 0; step <= steps.Count; step++)
        {
            Round(values, low, (steps.First + (steps.Size * step) + maxCode) / (high - low), maxCode, trial);
            if (!TryFit(values, weights, trial, weightSum, weightedSum, out float trialScale, out float trialLow)) continue;
            float trialError = Error(values, weights, trial, trialScale, trialLow);
            if (!(trialError < error)) continue;
            trial.CopyTo(codes);
            error = trialError;
            scale = trialScale;
            low = trialLow;
        }

        minimum = -low;
        return scale;
    }

    private static void Round(ReadOnlySpan<float> values, float low, float inverse, int maxCode, Span<byte> codes)
    {
        for (int i = 0; i < values.Length; i++)
            codes[i] = (byte)Math.Clamp((int)MathF.Round(inverse * (values[i] - low)), 0, maxCode);
    }

    // Weighted least squares of values = scale * code + low; where low came out positive it is 0 instead.
    private static bool TryFit(
        ReadOnlySpan<float> values, ReadOnlySpan<float> weights, ReadOnlySpan<byte> codes, float weightSum, float weightedSum, out float scale, out float low)
    {
        float sumCode = 0;
        float sumCodeSquare = 0;
        float sumCodeValue = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float weightedCode = weights[i] * codes[i];
            sumCode += weightedCode;
            sumCodeSquare += weightedCode * codes[i];
            sumCodeValue += weightedCode * values[i];
        }

        float determinant = (weightSum * sumCodeSquare) - (sumCode * sumCode);
        scale = 0;
        low = 0;
        if (!(determinant > 0)) return false;
        scale = ((weightSum * sumCodeValue) - (weightedSum * sumCode)) / determinant;
        low = ((sumCodeSquare * weightedSum) - (sumCode * sumCodeValue)) / determinant;
        if (low > 0)
        {
            low = 0;
            scale = sumCodeValue / sumCodeSquare;
        }

        return true;
    }

    private static float Error(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, ReadOnlySpan<byte> codes, float scale, float low)
    {
        float error = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float difference = (scale * codes[i]) + low - values[i];
            error += weights[i] * (difference * difference);
        }

        return error;
    }
}
