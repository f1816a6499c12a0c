using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>LayerNorm: y = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias (Ba et al. 2016), with the biased variance.</summary>
/// <remarks>The mean is subtracted before squaring: rows of the audio tower can be thousands of times larger than their spread.</remarks>
internal static unsafe class LayerNorm
{
    /// <summary>Normalises one row.</summary>
    /// <param name="x">[width].</param>
    /// <param name="weight">[width].</param>
    /// <param name="bias">[width].</param>
    /// <param name="destination">[width]; may be <paramref name="x"/> itself.</param>
    /// <param name="width">Width of the row.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Apply(float* x, float* weight, float* bias, float* destination, int width, float epsilon, KernelPath path)
    {
        switch (path)
        {
            case KernelPath.Vector512: Apply<Lanes512, Vector512<float>>(x, weight, bias, destination, width, epsilon); break;
            case KernelPath.Vector256: Apply<Lanes256, Vector256<float>>(x, weight, bias, destination, width, epsilon); break;
            case KernelPath.Vector128: Apply<Lanes128, Vector128<float>>(x, weight, bias, destination, width, epsilon); break;
            default: ApplyScalar(x, weight, bias, destination, width, epsilon); break;
        }
    }

    private static void ApplyScalar(float* x, float* weight, float* bias, float* destination, int width, float epsilon)
    {
        float sum = 0;
        for (int i = 0; i < width; i++) sum += x[i];
        float mean = sum / width;

        float squares = 0;
        for (int i = 0; i < width; i++)
        {
            float centred = x[i] - mean;
            squares = MathF.FusedMultiplyAdd(centred, centred, squares);
        }

        float scale = 1 / MathF.Sqrt((squares / width) + epsilon);
        for (int i = 0; i < width; i++) destination[i] = MathF.FusedMultiplyAdd((x[i] - mean) * scale, weight[i], bias[i]);
    }

    private static void Apply<TLanes, TVector>(float* x, float* weight, float* bias, float* destination, int width, float epsilon)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector sums = TLanes.Broadcast(0f);
        int i = 0;
        for (; i <= width - TLanes.Count; i += TLanes.Count) sums = TLanes.Add(sums, TLanes.Load(x + i));
        float sum = TLanes.Sum(sums);
        for (; i < width; i++) sum += x[i];
        float mean = sum / width;

        TVector means = TLanes.Broadcast(mean);
        sums = TLanes.Broadcast(0f);
        for (i = 0; i <= width - TLanes.Count; i += TLanes.Count)
        {
            TVector centred = TLanes.Subtract(TLanes.Load(x + i), means);
            sums = TLanes.MultiplyAdd(centred, centred, sums);
        }

        float squares = TLanes.Sum(sums);
        for (; i < width; i++) squares = MathF.FusedMultiplyAdd(x[i] - mean, x[i] - mean, squares);

        float scale = 1 / MathF.Sqrt((squares / width) + epsilon);
        TVector scales = TLanes.Broadcast(scale);
        for (i = 0; i <= width - TLanes.Count; i += TLanes.Count)
        {
            TVector normal = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + i), means), scales);
            TLanes.Store(TLanes.MultiplyAdd(normal, TLanes.Load(weight + i), TLanes.Load(bias + i)), destination + i);
        }

        for (; i < width; i++) destination[i] = MathF.FusedMultiplyAdd((x[i] - mean) * scale, weight[i], bias[i]);
    }
}
