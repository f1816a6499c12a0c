using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>Finds an F16 scale and unsigned codes for 32 weights: weight = scale * (code - offset), nearly.</summary>
internal static unsafe class WeightBlock
{
    // From this number of levels on the largest weight decides; the error of the others is then too small to be worth a search.
    private const int ManyLevels = 100;

    // What the extreme weight is divided by, beside the outermost code: below it the extreme is met more coarsely and all others more finely.
    private static ReadOnlySpan<float> Stretches => [0.9f, 0.8f, 0.7f, 1.1f];

    /// <summary>Quantises a block.</summary>
    /// <param name="values">[32], finite.</param>
    /// <param name="offset">Code that stands for zero: 128, 32 or 8.</param>
    /// <param name="maxCode">Largest code: 255, 63 or 15.</param>
    /// <param name="codes">[32].</param>
    /// <returns>The scale; negative where the extreme weight is positive and there is one more code below zero than above.</returns>
    public static Half Quantize(float* values, int offset, int maxCode, byte* codes)
    {
        Vector256<float> v0 = Vector256.Load(values), v1 = Vector256.Load(values + 8), v2 = Vector256.Load(values + 16), v3 = Vector256.Load(values + 24);
        float max = Lanes256.HorizontalMax(Vector256.Max(Vector256.Max(v0, v1), Vector256.Max(v2, v3)));
        float min = -Lanes256.HorizontalMax(Vector256.Max(Vector256.Max(-v0, -v1), Vector256.Max(-v2, -v3)));
        float extreme = max > -min ? max : min;
        if (maxCode > ManyLevels) return Encode(v0, v1, v2, v3, MathF.Abs(extreme) / (offset - 1), offset, 1, maxCode, codes);

        float best = extreme / -offset;
        float bestError = Error(v0, v1, v2, v3, best, offset, maxCode, out float refined);
        float refinedError = Error(v0, v1, v2, v3, refined, offset, maxCode, out _);
        if (refinedError < bestError) (best, bestError) = (refined, refinedError);
        foreach (float stretch in Stretches)
        {
            Error(v0, v1, v2, v3, extreme / -(offset - 1 + stretch), offset, maxCode, out float scale);
            float error = Error(v0, v1, v2, v3, scale, offset, maxCode, out _);
            if (error < bestError) (best, bestError) = (scale, error);
        }

        return Encode(v0, v1, v2, v3, best, offset, 0, maxCode, codes);
    }

    // The squared error of a scale, and the scale that fits its codes best: sum(code * value) / sum(code^2).
    private static float Error(Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3, float scale, int offset, int maxCode, out float refined)
    {
        float inverse = scale != 0 ? 1 / scale : 0;
        Vector256<float> low = Vector256.Create((float)-offset), high = Vector256.Create((float)(maxCode - offset));
        Vector256<float> c0 = Code(v0, inverse, low, high), c1 = Code(v1, inverse, low, high), c2 = Code(v2, inverse, low, high), c3 = Code(v3, inverse, low, high);
        float product = Sum((c0 * v0) + (c1 * v1) + (c2 * v2) + (c3 * v3));
        float square = Sum((c0 * c0) + (c1 * c1) + (c2 * c2) + (c3 * c3));
        refined = square > 0 ? product / square : 0;
        Vector256<float> step = Vector256.Create(scale);
        Vector256<float> e0 = v0 - (c0 * step), e1 = v1 - (c1 * step), e2 = v2 - (c2 * step), e3 = v3 - (c3 * step);
        return Sum((e0 * e0) + (e1 * e1) + (e2 * e2) + (e3 * e3));
    }

    private static Half Encode(Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3, float scale, int offset, int minCode, int maxCode, byte* codes)
    {
        var rounded = (Half)scale;
        float inverse = rounded != default ? 1 / (float)rounded : 0;
        Vector256<float> low = Vector256.Create((float)(minCode - offset)), high = Vector256.Create((float)(maxCode - offset));
        Vector256<int> zero = Vector256.Create(offset);
        Vector256<int> i0 = Vector256.ConvertToInt32Native(Code(v0, inverse, low, high)) + zero, i1 = Vector256.ConvertToInt32Native(Code(v1, inverse, low, high)) + zero;
        Vector256<int> i2 = Vector256.ConvertToInt32Native(Code(v2, inverse, low, high)) + zero, i3 = Vector256.ConvertToInt32Native(Code(v3, inverse, low, high)) + zero;
        Vector256.Narrow(Vector256.Narrow(i0, i1), Vector256.Narrow(i2, i3)).AsByte().Store(codes);
        return rounded;
    }

    private static Vector256<float> Code(Vector256<float> values, float inverse, Vector256<float> low, Vector256<float> high) =>
        Vector256.Min(Vector256.Max(Vector256.Round(values * inverse), low), high);

    // In one order on every machine.
    private static float Sum(Vector256<float> values)
    {
        Vector128<float> halves = values.GetLower() + values.GetUpper();
        return (halves[0] + halves[2]) + (halves[1] + halves[3]);
    }
}
