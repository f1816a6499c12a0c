using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>Scaled dot-product attention (Vaswani et al. 2017) of one query over a head's keys: softmax(scale * q * K^T) * V.</summary>
internal static unsafe class Attention
{
    /// <summary>Computes one head of one row.</summary>
    /// <typeparam name="TElement">Number format of keys and values: float or <see cref="BFloat16"/>.</typeparam>
    /// <param name="query">[headWidth].</param>
    /// <param name="keys">Keys and values; at least one position.</param>
    /// <param name="scale">Factor of the scores, 1 / sqrt(headWidth).</param>
    /// <param name="scores">Scratch, [keys.Count].</param>
    /// <param name="output">[headWidth]; may be <paramref name="query"/> itself.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Run<TElement>(float* query, in AttentionKeys keys, float scale, float* scores, float* output, KernelPath path)
        where TElement : unmanaged
    {
        switch (path)
        {
            case KernelPath.Vector128: Run<Lanes128, Vector128<float>, TElement>(query, keys, scale, scores, output); break;
            default: RunScalar<TElement>(query, keys, scale, scores, output); break;
        }
    }

    private static void RunScalar<TElement>(float* query, in AttentionKeys keys, float scale, float* scores, float* output)
        where TElement : unmanaged
    {
        float max = float.NegativeInfinity;
        for (int t = 0; t < keys.Count; t++)
        {
            TElement* key = At<TElement>(keys, t, keys.KeyOffset);
            float dot = 0;
            for (int i = 0; i < keys.HeadWidth; i++) dot = MathF.FusedMultiplyAdd(query[i], Widen(key + i), dot);
            scores[t] = dot * scale;
            max = MathF.Max(max, scores[t]);
        }

        float sum = 0;
        for (int t = 0; t < keys.Count; t++)
        {
            scores[t] = MathF.Exp(scores[t] - max);
            sum += scores[t];
        }

        for (int i = 0; i < keys.HeadWidth; i++) output[i] = 0;
        for (int t = 0; t < keys.Count; t++)
        {
            TElement* value = At<TElement>(keys, t, keys.ValueOffset);
            for (int i = 0; i < keys.HeadWidth; i++) output[i] = MathF.FusedMultiplyAdd(scores[t], Widen(value + i), output[i]);
        }

        for (int i = 0; i < keys.HeadWidth; i++) output[i] /= sum;
    }

    private static void Run<TLanes, TVector, TElement>(float* query, in AttentionKeys keys, float scale, float* scores, float* output)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TElement : unmanaged
    {
        float max = float.NegativeInfinity;
        for (int first = 0; first < keys.Count; first += keys.PageLength)
        {
            TElement* key = At<TElement>(keys, first, keys.KeyOffset);
            int end = (int)Math.Min(keys.Count, (long)first + keys.PageLength);
            for (int t = first; t < end; t++, key += keys.PositionStride)
            {
                scores[t] = Dot<TLanes, TVector, TElement>(query, key, keys.HeadWidth) * scale;
                max = MathF.Max(max, scores[t]);
            }

            if (end == keys.Count) break;
        }

        float sum = ExponentiateAndSum<TLanes, TVector>(scores, keys.Count, max);
        new Span<float>(output, keys.HeadWidth).Clear();
        for (int first = 0; first < keys.Count; first += keys.PageLength)
        {
            TElement* value = At<TElement>(keys, first, keys.ValueOffset);
            int end = (int)Math.Min(keys.Count, (long)first + keys.PageLength);
            for (int t = first; t < end; t++, value += keys.PositionStride)
                AddScaled<TLanes, TVector, TElement>(scores[t], value, output, keys.HeadWidth);
            if (end == keys.Count) break;
        }

        for (int i = 0; i < keys.HeadWidth; i++) output[i] /= sum;
    }

    private static float ExponentiateAndSum<TLanes, TVector>(float* scores, int count, float max)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector maxes = TLanes.Broadcast(max);
        TVector sums = TLanes.Broadcast(0f);
        int t = 0;
        for (; t <= count - TLanes.Count; t += TLanes.Count)
        {
            TVector weights = TLanes.Exp(TLanes.Subtract(TLanes.Load(scores + t), maxes));
            sums = TLanes.Add(sums, weights);
            TLanes.Store(weights, scores + t);
        }

        float sum = TLanes.Sum(sums);
        for (; t < count; t++)
        {
            scores[t] = MathF.Exp(scores[t] - max);
            sum += scores[t];
        }

        return sum;
    }

    private static float Dot<TLanes, TVector, TElement>(float* query, TElement* key, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector sums = TLanes.Broadcast(0f);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            sums = TLanes.MultiplyAdd(TLanes.Load(query + i), Load<TLanes, TVector, TElement>(key + i), sums);
        float sum = TLanes.Sum(sums);
        for (; i < count; i++) sum = MathF.FusedMultiplyAdd(query[i], Widen(key + i), sum);
        return sum;
    }

    private static void AddScaled<TLanes, TVector, TElement>(float weight, TElement* value, float* output, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TElement : unmanaged
    {
        TVector weights = TLanes.Broadcast(weight);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.MultiplyAdd(weights, Load<TLanes, TVector, TElement>(value + i), TLanes.Load(output + i)), output + i);
        for (; i < count; i++) output[i] = MathF.FusedMultiplyAdd(weight, Widen(value + i), output[i]);
    }

    private static TElement* At<TElement>(in AttentionKeys keys, int position, long offset)
        where TElement : unmanaged =>
        (TElement*)keys.Pages[position / keys.PageLength] + offset + (position % keys.PageLength * keys.PositionStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TLanes, TVector, TElement>(TElement* source)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float) ? TLanes.Load((float*)source) : TLanes.Load((BFloat16*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Widen<TElement>(TElement* source)
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float) ? *(float*)source : *(BFloat16*)source;
}
