namespace Steno.Quantization;

/// <summary>Finds a scale such that scale * q, with whole q from 0 up, comes close to given values that are not negative.</summary>
internal static class UnsignedSearch
{
    private const int StepCount = 4;
    private const float StepSize = 0.1f;
    private const int MaxPassCount = 5;

    /// <summary>
    /// Tries grids on which the largest value lies near the last level; then changes one code after the other as long as that helps. With
    /// weights w, A = Σ w x q and B = Σ w q², the best scale for given codes is A / B, and its error is smallest where A² / B is largest.
    /// </summary>
    /// <param name="values">The values x.</param>
    /// <param name="weights">How much the squared error of each counts.</param>
    /// <param name="maxCode">Largest q.</param>
    /// <param name="codes">Receives q.</param>
    /// <returns>The scale.</returns>
    public static float Find(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int maxCode, Span<byte> codes)
    {
        float largest = 0;
        foreach (float value in values) largest = MathF.Max(largest, value);
        codes.Clear();
        if (largest < SymmetricSearch.Negligible) return 0;

        float inverse = maxCode / largest;
        float error = Error(values, weights, inverse, maxCode);
        for (int step = -StepCount; step <= StepCount; step++)
        {
            if (step == 0) continue;
            float trial = (maxCode + (StepSize * step)) / largest;
            float trialError = Error(values, weights, trial, maxCode);
            if (!(trialError < error)) continue;
            error = trialError;
            inverse = trial;
        }

        float a = 0;
        float b = 0;
        for (int i = 0; i < values.Length; i++)
        {
            codes[i] = (byte)Code(inverse * values[i], maxCode);
            a += weights[i] * values[i] * codes[i];
            b += weights[i] * codes[i] * codes[i];
        }

        for (int pass = 0; pass < MaxPassCount && Improve(values, weights, maxCode, codes, ref a, ref b); pass++)
        {
        }

        return b > 0 ? a / b : 0;
    }

    private static bool Improve(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int maxCode, Span<byte> codes, ref float a, ref float b)
    {
        bool isChanged = false;
        for (int i = 0; i < values.Length; i++)
        {
            float otherA = a - (weights[i] * values[i] * codes[i]);
            float otherB = b - (weights[i] * codes[i] * codes[i]);
            if (!(otherA > 0 && otherB > 0)) continue;
            int code = Code(values[i] * otherB / otherA, maxCode);
            if (code == codes[i]) continue;
            float trialA = otherA + (weights[i] * values[i] * code);
            float trialB = otherB + (weights[i] * code * code);
            if (!(trialA * trialA * b > a * a * trialB)) continue;
            codes[i] = (byte)code;
            a = trialA;
            b = trialB;
            isChanged = true;
        }

        return isChanged;
    }

    private static float Error(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float inverse, int maxCode)
    {
        float scale = 1 / inverse;
        float error = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float difference = values[i] - (scale * Code(inverse * values[i], maxCode));
            error += weights[i] * difference * difference;
        }

        return error;
    }

    // Also a group whose scale came out negative gets the code 0.
    private static int Code(float scaled, int maxCode) => Math.Clamp((int)MathF.Round(scaled), 0, maxCode);
}
