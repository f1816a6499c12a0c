using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>The exact (erf) GELU, x * Phi(x), where Phi is the distribution function of the unit normal.</summary>
internal static unsafe class Gelu
{
    // h(t) = -ln Phi(-t) is smooth, so a polynomial represents it well; Phi(-t) = exp(-h(t)) then has a small *relative* error, and the
    // negative tail of GELU keeps its precision. Degree 10, interpolated at the Chebyshev nodes of [0, 6]: |error| < 3.4e-7.
    // Beyond 6 the argument is held at 6, where x * Phi(-6) is below 1e-9 times x.
    private const float Limit = 6f;
    private const float C0 = 0.6931468501211152f;
    private const float C1 = 0.7978979039813963f;
    private const float C2 = 0.3182204276907586f;
    private const float C3 = 0.036570079466092476f;
    private const float C4 = -0.005096080397701688f;
    private const float C5 = 0.00020328530901633164f;
    private const float C6 = 0.00010527017425284601f;
    private const float C7 = -2.9365615165891562e-05f;
    private const float C8 = 3.830191571349296e-06f;
    private const float C9 = -2.649632197534313e-07f;
    private const float C10 = 7.788010954636722e-09f;

    /// <summary>Replaces each value by its GELU.</summary>
    /// <param name="values">[count].</param>
    /// <param name="count">Number of values.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Apply(float* values, int count, KernelPath path)
    {
        switch (path)
        {
            case KernelPath.Vector512: Apply<Lanes512, Vector512<float>>(values, count); break;
            case KernelPath.Vector256: Apply<Lanes256, Vector256<float>>(values, count); break;
            case KernelPath.Vector128: Apply<Lanes128, Vector128<float>>(values, count); break;
            default: ApplyScalar(values, 0, count); break;
        }
    }

    private static void ApplyScalar(float* values, int start, int count)
    {
        for (int i = start; i < count; i++)
        {
            float x = values[i];
            float tail = MathF.Exp(-Polynomial(MathF.Min(MathF.Abs(x), Limit)));
            values[i] = x * (x < 0 ? tail : 1 - tail);
        }
    }

    private static float Polynomial(float t)
    {
        float h = MathF.FusedMultiplyAdd(C10, t, C9);
        h = MathF.FusedMultiplyAdd(h, t, C8);
        h = MathF.FusedMultiplyAdd(h, t, C7);
        h = MathF.FusedMultiplyAdd(h, t, C6);
        h = MathF.FusedMultiplyAdd(h, t, C5);
        h = MathF.FusedMultiplyAdd(h, t, C4);
        h = MathF.FusedMultiplyAdd(h, t, C3);
        h = MathF.FusedMultiplyAdd(h, t, C2);
        h = MathF.FusedMultiplyAdd(h, t, C1);
        return MathF.FusedMultiplyAdd(h, t, C0);
    }

    private static void Apply<TLanes, TVector>(float* values, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector zero = TLanes.Broadcast(0f);
        TVector one = TLanes.Broadcast(1f);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            TVector x = TLanes.Load(values + i);
            TVector h = Polynomial<TLanes, TVector>(TLanes.AtMost(TLanes.Abs(x), TLanes.Broadcast(Limit)));
            TVector tail = Exponential.Of<TLanes, TVector>(TLanes.Subtract(zero, h));
            TLanes.Store(TLanes.Multiply(x, TLanes.SelectNegative(x, tail, TLanes.Subtract(one, tail))), values + i);
        }

        ApplyScalar(values, i, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Polynomial<TLanes, TVector>(TVector t)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector h = TLanes.MultiplyAdd(TLanes.Broadcast(C10), t, TLanes.Broadcast(C9));
        h = TLanes.MultiplyAdd(h, t, TLanes.Broadcast(C8));
        h = TLanes.MultiplyAdd(h, t, TLanes.Broadcast(C7));
        h = TLanes.MultiplyAdd(h, t, TLanes.Broadcast(C6));
        h = TLanes.MultiplyAdd(h, t, TLanes.Broadcast(C5));
        h = TLanes.MultiplyAdd(h, t, TLanes.Broadcast(C4));
        h = TLanes.MultiplyAdd(h, t, TLanes.Broadcast(C3));
        h = TLanes.MultiplyAdd(h, t, TLanes.Broadcast(C2));
        h = TLanes.MultiplyAdd(h, t, TLanes.Broadcast(C1));
        return TLanes.MultiplyAdd(h, t, TLanes.Broadcast(C0));
    }
}
