using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>The instruction behind <see cref="ByteDot{TDot, TLanes, TVector}"/>, which a test replaces where the processor lacks it.</summary>
internal interface IByteDot
{
    /// <summary>sums plus, in each lane, its four products of an unsigned with a signed byte, exactly.</summary>
    static abstract Vector256<int> MultiplyAdd(Vector256<int> sums, Vector256<byte> codes, Vector256<sbyte> x);
}
