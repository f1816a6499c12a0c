using System.Runtime.CompilerServices;

namespace Steno.Kernels;

/// <summary>e to the power of x, in single precision.</summary>
internal static class Exponential
{
    // exp(x) = 2^n * exp(r) with n = round(x / ln 2) and r = x - n * ln 2 in [-ln 2 / 2, ln 2 / 2]. ln 2 is subtracted in two parts: the
    // first has few enough bits that n times it is exact. The polynomial interpolates exp at the Chebyshev nodes of that interval: relative
    // error below 3e-9, so the result is good to about one unit in the last place.
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Arguments are held where the result is a normal number. Below, it is zero: a subnormal number costs some processors as much as a hundred others.
    private const float Lowest = -87.33f;
    private const float Highest = 88.37f;

    private const float C0 = 1f;
    private const float C1 = 1.0000000377162153f;
    private const float C2 = 0.5000000047117754f;
    private const float C3 = 0.16666415514648852f;
    private const float C4 = 0.04166635289662028f;
    private const float C5 = 0.008375126398467159f;
    private const float C6 = 0.0013941108445916731f;

    /// <summary>Computes one number.</summary>
    public static float Of(float x) => x < Lowest ? 0 : MathF.Exp(x);

    /// <summary>Computes all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector aboveLowest = TLanes.Subtract(x, TLanes.Broadcast(Lowest));
        x = TLanes.AtMost(TLanes.AtLeast(x, TLanes.Broadcast(Lowest)), TLanes.Broadcast(Highest));
        TVector n = TLanes.Round(TLanes.Multiply(x, TLanes.Broadcast(Log2E)));
        TVector r = TLanes.MultiplyAdd(n, TLanes.Broadcast(-Ln2High), x);
        r = TLanes.MultiplyAdd(n, TLanes.Broadcast(-Ln2Low), r);
        TVector p = TLanes.MultiplyAdd(TLanes.Broadcast(C6), r, TLanes.Broadcast(C5));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(C4));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(C3));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(C2));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(C1));
        p = TLanes.MultiplyAdd(p, r, TLanes.Broadcast(C0));
        return TLanes.SelectNegative(aboveLowest, TLanes.Broadcast(0), TLanes.ScaleByPowerOfTwo(p, n));
    }
}
