using System.Runtime.Intrinsics;
using Steno.Kernels;

namespace Steno.Tests.Kernels;

/// <summary>What vpdpbusd computes, in other instructions: for kernels around it on processors that lack it.</summary>
internal readonly struct EmulatedByteDot : IByteDot
{
    public static Vector256<int> MultiplyAdd(Vector256<int> sums, Vector256<byte> codes, Vector256<sbyte> x)
    {
        Span<int> result = stackalloc int[Vector256<int>.Count];
        sums.CopyTo(result);
        for (int i = 0; i < Vector256<byte>.Count; i++) result[i / 4] += codes[i] * x[i];
        return Vector256.Create((ReadOnlySpan<int>)result);
    }
}
