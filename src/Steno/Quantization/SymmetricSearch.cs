using System.Runtime.Intrinsics;

namespace Steno.Quantization;

/// <summary>Finds a scale such that scale * q, with whole q from -n to n - 1, comes close to given values; for eight groups in step.</summary>
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
    /// <param name="values">The values x: at most eight groups, one after the other.</param>
    /// <param name="weights">How much the squared error of each counts.</param>
    /// <param name="levelCount">The number n.</param>
    /// <param name="codes">Receives q + n.</param>
    /// <param name="scales">Receives the scale of each group, of either sign.</param>
    public static void Find(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int levelCount, Span<byte> codes, Span<float> scales)
    {
        int length = values.Length / scales.Length;
        Span<Vector256<float>> x = stackalloc Vector256<float>[MaxLength];
        Span<Vector256<float>> w = stackalloc Vector256<float>[MaxLength];
        Span<Vector256<float>> q = stackalloc Vector256<float>[MaxLength];
        EightGroups.Load(values, x[..length]);
        EightGroups.Load(weights, w[..length]);
        Vector256<float> found = Find(x[..length], w[..length], levelCount, q[..length]);
        EightGroups.Store(q[..length], codes);
        for (int group = 0; group < scales.Length; group++) scales[group] = found[group];
    }

    private static Vector256<float> Find(ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, int levelCount, Span<Vector256<float>> codes)
    {
        Vector256<float> extreme = Extreme(values);
        Vector256<float> negligible = Vector256.LessThan(Vector256.Abs(extreme), Vector256.Create(Negligible));
        Vector256<float> levels = Vector256.Create((float)levelCount);
        (Vector256<float> a, Vector256<float> b) = Round(values, weights, Vector256.Create(-(float)levelCount) / extreme, levels, codes);
        Vector256<float> scale = Vector256.AndNot(a / b, Vector256.Equals(b, Vector256<float>.Zero));
        Vector256<float> best = scale * a;
        Span<Vector256<float>> trial = stackalloc Vector256<float>[MaxLength];
        trial = trial[..values.Length];
        for (int step = -StepCount; step <= StepCount; step++)
        {
            if (step == 0) continue;
            (a, b) = Round(values, weights, Vector256.Create(-(levelCount + (StepSize * step))) / extreme, levels, trial);
            Vector256<float> isBetter = Vector256.GreaterThan(b, Vector256<float>.Zero) & Vector256.GreaterThan(a * a, best * b);
            if (isBetter == Vector256<float>.Zero) continue;
            for (int i = 0; i < trial.Length; i++) codes[i] = Vector256.ConditionalSelect(isBetter, trial[i], codes[i]);
            scale = Vector256.ConditionalSelect(isBetter, a / b, scale);
            best = Vector256.ConditionalSelect(isBetter, scale * a, best);
        }

        for (int i = 0; i < codes.Length; i++) codes[i] = Vector256.AndNot(codes[i] + levels, negligible);
        return Vector256.AndNot(scale, negligible);
    }

    // The value of the largest magnitude, the first of equals.
    private static Vector256<float> Extreme(ReadOnlySpan<Vector256<float>> values)
    {
        Vector256<float> extreme = Vector256<float>.Zero;
        foreach (Vector256<float> value in values)
            extreme = Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Abs(value), Vector256.Abs(extreme)), value, extreme);
        return extreme;
    }

    private static (Vector256<float> A, Vector256<float> B) Round(
        ReadOnlySpan<Vector256<float>> values, ReadOnlySpan<Vector256<float>> weights, Vector256<float> inverse, Vector256<float> levels, Span<Vector256<float>> codes)
    {
        Vector256<float> a = Vector256<float>.Zero;
        Vector256<float> b = Vector256<float>.Zero;
        Vector256<float> maxCode = levels - Vector256<float>.One;
        for (int i = 0; i < values.Length; i++)
        {
            Vector256<float> code = EightGroups.Round(inverse * values[i], -levels, maxCode);
            codes[i] = code;
            a += weights[i] * values[i] * code;
            b += weights[i] * code * code;
        }

        return (a, b);
    }
}
