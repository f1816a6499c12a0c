using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>Products of codes with AVX-VNNI, which adds to each 32-bit lane four products of an unsigned with a signed byte.</summary>
/// <typeparam name="TDot">The instruction.</typeparam>
/// <typeparam name="TLanes">Registers of floats: 256 bits, or 512 for all outputs at once.</typeparam>
/// <typeparam name="TVector">Such a register.</typeparam>
/// <remarks>
/// The instruction's VEX encoding takes 256 bits and reaches 16 registers: the 16 outputs of a panel are two registers, 6 rows are 12 sums, with 2
/// registers of weights and 1 of activations 15. Each quad costs 2 loads of weights and 6 broadcasts for 12 dot products; 12 independent chains
/// cover a latency of 4 cycles at two of them a cycle.
/// </remarks>
internal readonly unsafe struct ByteDot<TDot, TLanes, TVector> : IDotLanes<Vector256<int>, TVector>
    where TDot : struct, IByteDot
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static int OutputCount => TileKernel.PanelWidth;

    public static int QuadBytes => 4;

    private static bool HasHalves => TLanes.Count < TileKernel.PanelWidth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Start(int correction, out Vector256<int> low, out Vector256<int> high) => low = high = Vector256.Create(correction);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TFormat>(byte* block, int pair, int member, int output, out Vector256<int> w0, out Vector256<int> w1, out Vector256<int> w2, out Vector256<int> w3)
        where TFormat : struct, IPanelFormat
    {
        w0 = TFormat.Codes256(block, pair, member, 0).AsInt32();
        w1 = TFormat.Codes256(block, pair, member, 1).AsInt32();
        w2 = w3 = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(Vector256<int> w0, Vector256<int> w1, Vector256<int> w2, Vector256<int> w3, byte* x, ref Vector256<int> low, ref Vector256<int> high)
    {
        Vector256<sbyte> row = Vector256.Create(*(int*)x).AsSByte();
        low = TDot.MultiplyAdd(low, w0.AsByte(), row);
        high = TDot.MultiplyAdd(high, w1.AsByte(), row);
    }

    // In 512 bits the two halves become one register first: one multiplication and one multiply-add less, on the ports that the dot products want.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<TFormat>(Vector256<int> low, Vector256<int> high, TVector scales, TVector highScales, TVector minimums, TVector highMinimums, float* factor, int height, float* sums)
        where TFormat : struct, IPanelFormat
    {
        if (HasHalves)
        {
            DotKernel.AddBlock<TFormat, TLanes, TVector>(Unsafe.BitCast<Vector256<float>, TVector>(Vector256.ConvertToSingle(low)), scales, minimums, factor, height, sums);
            DotKernel.AddBlock<TFormat, TLanes, TVector>(Unsafe.BitCast<Vector256<float>, TVector>(Vector256.ConvertToSingle(high)), highScales, highMinimums, factor, height, sums + TLanes.Count);
        }
        else
        {
            Vector512<float> dots = Vector512.ConvertToSingle(Avx512F.InsertVector256(low.ToVector512(), high, 1));
            DotKernel.AddBlock<TFormat, TLanes, TVector>(Unsafe.BitCast<Vector512<float>, TVector>(dots), scales, minimums, factor, height, sums);
        }
    }
}
