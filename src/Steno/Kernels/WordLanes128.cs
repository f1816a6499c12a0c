using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>Four outputs in a 128-bit register.</summary>
internal readonly unsafe struct WordLanes128 : IWordLanes<Vector128<int>, Vector128<float>>
{
    private const int LowBytes = 0x00FF00FF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Codes<TFormat>(byte* block, int group, int output)
        where TFormat : struct, IPanelFormat => TFormat.Codes128(block, group, output / 4).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> EvenColumns(Vector128<int> codes) => codes & Vector128.Create(LowBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> OddColumns(Vector128<int> codes) => (codes >>> 8) & Vector128.Create(LowBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> a, Vector128<int> b, Vector128<int> sums)
    {
        Vector128<short> left = a.AsInt16(), right = b.AsInt16();
        if (Sse2.IsSupported) return sums + Sse2.MultiplyAddAdjacent(left, right);

        // Codes are below 256 and activations below 128 in magnitude, so that a product fits into 16 bits; the sum of two does not.
        Vector128<int> products = (left * right).AsInt32();
        return sums + (products >> 16) + ((products << 16) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToFloats(Vector128<int> value) => Vector128.ConvertToSingle(value);
}
