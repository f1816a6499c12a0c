using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>Finds an F16 scale and unsigned codes for 32 weights: weight = scale * (code - offset), nearly.</summary>
/// <remarks>The same bits on every machine: sums are added in one order, whatever the registers.</remarks>
internal static unsafe class WeightBlock
{
    // From this number of levels on the largest weight decides; the error of the others is then too small to be worth a search.
    private const int ManyLevels = 100;

    // The extreme weight takes the outermost code, or would take one this far beyond it, where it is cut off for the sake of all others.
    private static ReadOnlySpan<float> Stretches => [0, -0.6f, 0.6f];

    /// <summary>Quantises a block.</summary>
    /// <param name="values">[32], finite.</param>
    /// <param name="offset">Code that stands for zero: 128, 32 or 8.</param>
    /// <param name="maxCode">Largest code: 255, 63 or 15.</param>
    /// <param name="codes">[32].</param>
    /// <returns>The scale; negative where the extreme weight is positive and there is one more code below zero than above.</returns>
    public static Half Quantize(float* values, int offset, int maxCode, byte* codes)
    {
        Vector512<float> v0 = Vector512.Load(values), v1 = Vector512.Load(values + 16);
        float max = Lanes512.HorizontalMax(Vector512.MaxNative(v0, v1));
        float min = -Lanes512.HorizontalMax(Vector512.MaxNative(-v0, -v1));
        float extreme = max > -min ? max : min;
        float scale = maxCode < ManyLevels ? Search(v0, v1, extreme, offset, maxCode) : MathF.Abs(extreme) / (offset - 1);
        return Encode(v0, v1, scale, offset, maxCode, codes);
    }

    // For given codes c the best scale is sum(c * v) / sum(c^2), and what it leaves of the squared error is sum(v^2) - sum(c * v)^2 / sum(c^2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Search(Vector512<float> v0, Vector512<float> v1, float extreme, int offset, int maxCode)
    {
        Vector512<float> low = Vector512.Create((float)-offset), high = Vector512.Create((float)(maxCode - offset));
        float best = 0;
        float bestGain = 0;
        foreach (float stretch in Stretches)
        {
            float inverse = extreme != 0 ? -(offset + stretch) / extreme : 0;
            Vector512<float> c0 = Code(v0, inverse, low, high), c1 = Code(v1, inverse, low, high);
            float product = Sum((c0 * v0) + (c1 * v1));
            float square = Sum((c0 * c0) + (c1 * c1));
            float gain = square > 0 ? product * product / square : 0;
            if (gain <= bestGain) continue;
            best = product / square;
            bestGain = gain;
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Half Encode(Vector512<float> v0, Vector512<float> v1, float scale, int offset, int maxCode, byte* codes)
    {
        var rounded = (Half)scale;
        float inverse = rounded != default ? 1 / (float)rounded : 0;
        Vector512<float> low = Vector512.Create((float)-offset), high = Vector512.Create((float)(maxCode - offset));
        Vector512<int> zero = Vector512.Create(offset);
        Vector512<int> i0 = Vector512.ConvertToInt32Native(Code(v0, inverse, low, high)) + zero;
        Vector512<int> i1 = Vector512.ConvertToInt32Native(Code(v1, inverse, low, high)) + zero;
        Vector512<short> words = Vector512.Narrow(i0, i1);
        Vector256.Narrow(words.GetLower(), words.GetUpper()).AsByte().Store(codes);
        return rounded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Code(Vector512<float> values, float inverse, Vector512<float> low, Vector512<float> high) =>
        Vector512.MinNative(Vector512.MaxNative(Vector512.Round(values * inverse), low), high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector512<float> values)
    {
        Vector256<float> half = values.GetLower() + values.GetUpper();
        Vector128<float> quarter = half.GetLower() + half.GetUpper();
        quarter += Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1));
        return (quarter + Vector128.Shuffle(quarter, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
