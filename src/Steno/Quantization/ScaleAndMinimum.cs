using System.Runtime.Intrinsics;

namespace Steno.Quantization;

/// <summary>The common part of Q4_K and Q5_K: F16 d, F16 dmin and <see cref="PackedScales"/> over 8 groups of 32 codes.</summary>
/// <remarks>A weight is d * scale * q - dmin * minimum.</remarks>
internal static class ScaleAndMinimum
{
    public const int GroupLength = 32;

    public const int GroupCount = 8;

    /// <summary>Bytes of the two F16 numbers and of the packed scales.</summary>
    public const int HeaderBytes = 4 + PackedScales.ByteCount;

    private const int MaxScale = 63;

    /// <summary>Writes the header of a super-block and finds its codes.</summary>
    /// <param name="values">256 values.</param>
    /// <param name="header">[HeaderBytes].</param>
    /// <param name="codes">256 codes from 0 to <paramref name="maxCode"/>.</param>
    /// <param name="maxCode">15 or 31.</param>
    /// <param name="steps">The grids that the search tries.</param>
    public static void Quantize(ReadOnlySpan<float> values, Span<byte> header, Span<byte> codes, int maxCode, GridSteps steps)
    {
        Span<float> scales = stackalloc float[GroupCount];
        Span<float> minimums = stackalloc float[GroupCount];
        Span<float> weights = stackalloc float[256];
        for (int first = 0; first < 256; first += GroupLength) FindWeights(values.Slice(first, GroupLength), weights.Slice(first, GroupLength));
        Search(values, weights, codes, maxCode, steps, scales, minimums);
        float maxScale = 0;
        float maxMinimum = 0;
        for (int group = 0; group < GroupCount; group++)
        {
            maxScale = MathF.Max(maxScale, scales[group]);
            maxMinimum = MathF.Max(maxMinimum, minimums[group]);
        }

        float inverseScale = maxScale > 0 ? MaxScale / maxScale : 0;
        float inverseMinimum = maxMinimum > 0 ? MaxScale / maxMinimum : 0;
        Span<byte> scaleCodes = stackalloc byte[GroupCount];
        Span<byte> minimumCodes = stackalloc byte[GroupCount];
        for (int group = 0; group < GroupCount; group++)
        {
            scaleCodes[group] = (byte)Math.Clamp((int)MathF.Round(inverseScale * scales[group]), 0, MaxScale);
            minimumCodes[group] = (byte)Math.Clamp((int)MathF.Round(inverseMinimum * minimums[group]), 0, MaxScale);
        }

        WriteHeader(header, maxScale / MaxScale, maxMinimum / MaxScale, scaleCodes, minimumCodes);
        RoundAgain(values, header, codes, maxCode);
    }

    /// <summary>Writes the header of a super-block and finds its codes, where the errors of some values count more than those of others.</summary>
    /// <param name="values">256 values.</param>
    /// <param name="importance">256 positive numbers.</param>
    /// <param name="header">[HeaderBytes].</param>
    /// <param name="codes">256 codes from 0 to <paramref name="maxCode"/>.</param>
    /// <param name="maxCode">15 or 31.</param>
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> header, Span<byte> codes, int maxCode)
    {
        Span<float> scales = stackalloc float[GroupCount];
        Span<float> minimums = stackalloc float[GroupCount];
        Span<float> groupWeights = stackalloc float[GroupCount];
        Span<float> weights = stackalloc float[256];
        ErrorWeights.Fill(values, importance, 2 * ErrorWeights.MeanSquare(values), weights);
        groupWeights.Clear();
        for (int i = 0; i < weights.Length; i++) groupWeights[i / GroupLength] += weights[i];
        Search(values, weights, codes, maxCode, GridSteps.Weighted, scales, minimums);

        Span<byte> scaleCodes = stackalloc byte[GroupCount];
        Span<byte> minimumCodes = stackalloc byte[GroupCount];
        float d = UnsignedSearch.Find(scales, groupWeights, MaxScale, scaleCodes);
        float dmin = UnsignedSearch.Find(minimums, groupWeights, MaxScale, minimumCodes);
        WriteHeader(header, d, dmin, scaleCodes, minimumCodes);
        RoundAgain(values, header, codes, maxCode);
    }

    private static void Search(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<byte> codes, int maxCode, GridSteps steps, Span<float> scales, Span<float> minimums)
    {
        Span<Vector256<float>> x = stackalloc Vector256<float>[GroupLength];
        Span<Vector256<float>> w = stackalloc Vector256<float>[GroupLength];
        Span<Vector256<float>> q = stackalloc Vector256<float>[GroupLength];
        EightGroups.Load(values, x);
        EightGroups.Load(weights, w);
        Vector256<float> scale = AffineSearch.Find(x, w, q, maxCode, steps, out Vector256<float> minimum);
        EightGroups.Store(q, codes);
        scale.CopyTo(scales);
        minimum.CopyTo(minimums);
    }

    private static void WriteHeader(Span<byte> header, float d, float dmin, ReadOnlySpan<byte> scaleCodes, ReadOnlySpan<byte> minimumCodes)
    {
        F16Field.Write(header, 0, d);
        F16Field.Write(header, 2, dmin);
        Span<byte> packed = header.Slice(4, PackedScales.ByteCount);
        for (int group = 0; group < GroupCount; group++) PackedScales.Write(packed, group, scaleCodes[group], minimumCodes[group]);
    }

    // The codes that suit the scales and minimums as they are stored; a group whose scale became zero keeps those that it has.
    private static void RoundAgain(ReadOnlySpan<float> values, ReadOnlySpan<byte> header, Span<byte> codes, int maxCode)
    {
        float d = F16Field.Read(header, 0);
        float dmin = F16Field.Read(header, 2);
        ReadOnlySpan<byte> packed = header.Slice(4, PackedScales.ByteCount);
        for (int group = 0; group < GroupCount; group++)
        {
            (int scale, int minimum) = PackedScales.Read(packed, group);
            float step = d * scale;
            if (step == 0) continue;
            float offset = dmin * minimum;
            for (int i = GroupLength * group; i < GroupLength * (group + 1); i++)
                codes[i] = (byte)Math.Clamp((int)MathF.Round((values[i] + offset) / step), 0, maxCode);
        }
    }

    // Large weights count more, but none counts nothing.
    private static void FindWeights(ReadOnlySpan<float> values, Span<float> weights)
    {
        float sumOfSquares = 0;
        foreach (float value in values) sumOfSquares += value * value;
        float rootMeanSquare = MathF.Sqrt(sumOfSquares / GroupLength);
        for (int i = 0; i < values.Length; i++) weights[i] = rootMeanSquare + MathF.Abs(values[i]);
    }
}
