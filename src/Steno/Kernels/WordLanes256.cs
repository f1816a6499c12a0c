using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>Eight outputs in a 256-bit register.</summary>
internal readonly unsafe struct WordLanes256 : IWordLanes<Vector256<int>, Vector256<float>>
{
    private const int LowBytes = 0x00FF00FF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Codes<TFormat>(byte* block, int group, int output)
        where TFormat : struct, IPanelFormat => TFormat.Codes256(block, group, output / 8).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> EvenColumns(Vector256<int> codes) => codes & Vector256.Create(LowBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> OddColumns(Vector256<int> codes) => (codes >>> 8) & Vector256.Create(LowBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> sums) =>
        sums + Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToFloats(Vector256<int> value) => Vector256.ConvertToSingle(value);
}
