using System.Runtime.Intrinsics;

namespace Steno.Quantization;

/// <summary>Finds a scale and a minimum such that scale * q - minimum, with whole q from 0 up, comes close to given values; for eight groups in step.</summary>
internal static class AffineSearch
{
    // No caller has larger groups.
    private const int MaxLength = 32;

    /// <summary>
    /// Tries grids of slightly different numbers of levels. For each, the codes are rounded, then scale and minimum follow from least
    /// squares; the best so far is kept, and its minimum is where the next grids begin.
    /// </summary>
    /// <param name="values">The values of <see cref="EightGroups"/>.</param>
    /// <param name="weights">How much the squared error of each counts.</param>
    /// <param name="codes">Receives q.</param>
    /// <param name="maxCode">Largest q.</param>
    /// <param name="steps">The grids that are tried.</param>
    /// <param name="minimum">Receives the numbers, 0 or more, that are subtracted.</param>
    /// <returns>The scales.</returns>
    public static Vector256<float> Find(
        ReadOnlySpan<Vector256<float>> values,
        ReadOnlySpan<Vector256<float>> weights,
        Span<Vector256<float>> codes,
        int maxCode,
        GridSteps steps,
        out Vector256<float> minimum)
    {
        Vector256<float> low = values[0];
        Vector256<float> high = values[0];
        Vector256<float> weightSum = Vector256<float>.Zero;
        Vector256<float> weightedSum = Vector256<float>.Zero;
        for (int i = 0; i < values.Length; i++)
        {
            low = Vector256.Min(low, values[i]);
            high = Vector256.Max(high, values[i]);
            weightSum += weights[i];
            weightedSum += weights[i] * values[i];
        }

        low = Vector256.Min(low, Vector256<float>.Zero);
        Vector256<float> flat = Vector256.Equals(high, low);
        Vector256<float> flatLow = low;
        Vector256<float> levels = Vector256.Create((float)maxCode);
        Vector256<float> inverse = levels / (high - low);
        Vector256<float> scale = Vector256<float>.One / inverse;
        Round(values, low, inverse, levels, codes);
        Vector256<float> error = Error(values, weights, codes, scale, low);

        Span<Vector256<float>> trial = stackalloc Vector256<float>[MaxLength];
        trial = trial[..values.Length];
        for (int step = 0; step <= steps.Count; step++)
        {
            Round(values, low, Vector256.Create(steps.First + (steps.Size * step) + maxCode) / (high - low), levels, trial);
            Vector256<float> isFit = Fit(values, weights, trial, weightSum, weightedSum, out Vector256<float> trialScale, out Vector256<float> trialLow);
            Vector256<float> trialError = Error(values, weights, trial, trialScale, trialLow);
            Vector256<float> isBetter = isFit & Vector256.LessThan(trialError, error);
            if (isBetter == Vector256<float>.Zero) continue;
            for (int i = 0; i < trial.Length; i++) codes[i] = Vector256.ConditionalSelect(isBetter, trial[i], codes[i]);
            error = Vector256.ConditionalSelect(isBetter, trialError, error);
            scale = Vector256.ConditionalSelect(isBetter, trialScale, scale);
            low = Vector256.ConditionalSelect(isBetter, trialLow, low);
        }

        for (int i = 0; i < codes.Length; i++) codes[i] = Vector256.AndNot(codes[i], flat);
        minimum = -Vector256.ConditionalSelect(flat, flatLow, low);
        return Vector256.AndNot(scale, flat);
    }

    private static void Round(ReadOnlySpan<Vector256<float>> values, Vector256<float> low, Vector256<float> inverse, Vector256<float> maxCode, Span<Vector256<float>> codes)
    {
        for (int i = 0; i < values.Length; i++) codes[i] = EightGroups.Round(inverse * (values[i] - low), Vector256<float>.Zero, maxCode);
    }

    // Weighted least squares of values = scale * code + low; where low came out positive it is 0 instead.
    private static Vector256<float> Fit(
        ReadOnlySpan<Vector256<float>> values,
        ReadOnlySpan<Vector256<float>> weights,
        ReadOnlySpan<Vector256<float>> codes,
        Vector256<float> weightSum,
        Vector256<float> weightedSum,
        out Vector256<float> scale,
        out Vector256<float> low)
    {
        Vector256<float> sumCode = Vector256<float>.Zero;
        Vector256<float> sumCodeSquare = Vector256<float>.Zero;
        Vector256<float> sumCodeValue = Vector256<float>.Zero;
        for (int i = 0; i < values.Length; i++)
        {
            Vector256<float> weightedCode = weights[i] * codes[i];
            sumCode += weightedCode;
            sumCodeSquare += weightedCode * codes[i];
            sumCodeValue += weightedCode * values[i];
        }

        Vector256<float> determinant = (weightSum * sumCodeSquare) - (sumCode * sumCode);
        scale = ((weightSum * sumCodeValue) - (weightedSum * sumCode)) / determinant;
        low = ((sumCodeSquare * weightedSum) - (sumCode * sumCodeValue)) / determinant;
        Vector256<float> isAbove = Vector256.GreaterThan(low, Vector256<float>.Zero);
        scale = Vector256.ConditionalSelect(isAbove, sumCodeValue / sumCodeSquare, scale);
        low = Vector256.AndNot(low, isAbove);
        return Vector256.GreaterThan(determinant, Vector256<float>.Zero);
    }

    private static Vector256<float> Error(
        ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, ReadOnlySpan<Vector256<float>> codes, Vector256<float> scale, Vector256<float> low)
    {
        Vector256<float> error = Vector256<float>.Zero;
        for (int i = 0; i < values.Length; i++)
        {
            Vector256<float> difference = (scale * codes[i]) + low - values[i];
            error += weights[i] * (difference * difference);
        }

        return error;
    }
}
