using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>RMSNorm: y = x / sqrt(mean(x^2) + epsilon) * weight (Zhang and Sennrich 2019).</summary>
internal static unsafe class RmsNorm
{
    /// <summary>Normalises one row.</summary>
    /// <param name="x">[width].</param>
    /// <param name="weight">[width].</param>
    /// <param name="destination">[width]; may be <paramref name="x"/> itself.</param>
    /// <param name="width">Width of the row.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Apply(float* x, float* weight, float* destination, int width, float epsilon, KernelPath path)
    {
        switch (path)
        {
            case KernelPath.Vector512: Apply<Lanes512, Vector512<float>>(x, weight, destination, width, epsilon); break;
            case KernelPath.Vector256: Apply<Lanes256, Vector256<float>>(x, weight, destination, width, epsilon); break;
            case KernelPath.Vector128: Apply<Lanes128, Vector128<float>>(x, weight, destination, width, epsilon); break;
            default: ApplyScalar(x, weight, destination, width, epsilon); break;
        }
    }

    private static void ApplyScalar(float* x, float* weight, float* destination, int width, float epsilon)
    {
        float squares = 0;
        for (int i = 0; i < width; i++) squares = MathF.FusedMultiplyAdd(x[i], x[i], squares);
        float scale = 1 / MathF.Sqrt((squares / width) + epsilon);
        for (int i = 0; i < width; i++) destination[i] = x[i] * scale * weight[i];
    }

    private static void Apply<TLanes, TVector>(float* x, float* weight, float* destination, int width, float epsilon)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector sums = TLanes.Broadcast(0f);
        int i = 0;
        for (; i <= width - TLanes.Count; i += TLanes.Count)
        {
            TVector value = TLanes.Load(x + i);
            sums = TLanes.MultiplyAdd(value, value, sums);
        }

        float squares = TLanes.Sum(sums);
        for (; i < width; i++) squares = MathF.FusedMultiplyAdd(x[i], x[i], squares);

        float scale = 1 / MathF.Sqrt((squares / width) + epsilon);
        TVector scales = TLanes.Broadcast(scale);
        for (i = 0; i <= width - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.Multiply(TLanes.Multiply(TLanes.Load(x + i), scales), TLanes.Load(weight + i)), destination + i);
        for (; i < width; i++) destination[i] = x[i] * scale * weight[i];
    }
}
