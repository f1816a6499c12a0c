using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>Sixteen outputs in a 512-bit register.</summary>
internal readonly unsafe struct WordLanes512 : IWordLanes<Vector512<int>, Vector512<float>>
{
    private const int LowBytes = 0x00FF00FF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Codes<TFormat>(byte* block, int group, int output)
        where TFormat : struct, IPanelFormat => Vector512.Create(TFormat.Codes256(block, group, 0), TFormat.Codes256(block, group, 1)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> EvenColumns(Vector512<int> codes) => codes & Vector512.Create(LowBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> OddColumns(Vector512<int> codes) => (codes >>> 8) & Vector512.Create(LowBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> a, Vector512<int> b, Vector512<int> sums) =>
        sums + Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToFloats(Vector512<int> value) => Vector512.ConvertToSingle(value);
}
