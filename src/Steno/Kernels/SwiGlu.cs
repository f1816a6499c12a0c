using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>SwiGLU: silu(gate) * up, with silu(x) = x / (1 + exp(-x)).</summary>
internal static unsafe class SwiGlu
{
    /// <summary>destination[i] = silu(gate[i]) * up[i].</summary>
    /// <param name="gate">[count].</param>
    /// <param name="up">[count].</param>
    /// <param name="destination">[count]; may be <paramref name="gate"/> or <paramref name="up"/> itself.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Apply(float* gate, float* up, float* destination, int count, KernelPath path)
    {
        switch (path)
        {
            case KernelPath.Vector512: Apply<Lanes512, Vector512<float>>(gate, up, destination, count); break;
            case KernelPath.Vector256: Apply<Lanes256, Vector256<float>>(gate, up, destination, count); break;
            case KernelPath.Vector128: Apply<Lanes128, Vector128<float>>(gate, up, destination, count); break;
            default: ApplyScalar(gate, up, destination, 0, count); break;
        }
    }

    private static void ApplyScalar(float* gate, float* up, float* destination, int start, int count)
    {
        for (int i = start; i < count; i++)
            destination[i] = gate[i] / (1 + MathF.Exp(-gate[i])) * up[i];
    }

    private static void Apply<TLanes, TVector>(float* gate, float* up, float* destination, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector zero = TLanes.Broadcast(0f);
        TVector one = TLanes.Broadcast(1f);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TVector x = TLanes.Load(gate + i);
            TVector silu = TLanes.Divide(x, TLanes.Add(one, Exponential.Of<TLanes, TVector>(TLanes.Subtract(zero, x))));
            TLanes.Store(TLanes.Multiply(silu, TLanes.Load(up + i)), destination + i);
        }

        ApplyScalar(gate, up, destination, i, count);
    }
}
