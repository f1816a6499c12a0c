using System.Runtime.CompilerServices;

namespace Steno.Kernels;

/// <summary>Products of bytes whose sums over a whole block fit into 16 bits, for formats with codes of at most <see cref="MaxCode"/>.</summary>
/// <remarks>
/// One instruction multiplies unsigned with signed bytes and adds neighbours to a 16-bit number, which saturates; another one adds it to a sum of 16 bits.
/// A quad gives each half of an output's lane two products, a block 16: at most 16 * 15 * 128 = 30,720, below 32,768. So nothing saturates, and the two
/// halves are added once, at the end of the block.
/// <para>
/// In 256 bits the 16 outputs of a panel are two registers: 6 rows are 12 sums, with 2 registers of weights, 1 of activations and 1 product all 16. In 512
/// bits they are one, and 8 rows fill 8 of 32.
/// </para>
/// </remarks>
internal readonly unsafe struct NarrowDot<TLanes, TInts, TVector> : IDotLanes<TInts, TVector>
    where TLanes : struct, ILanes<TVector>, IIntegerLanes<TInts, TVector>, IByteLanes<TInts>
    where TInts : struct
    where TVector : struct
{
    /// <summary>Largest code of a format whose sums fit.</summary>
    public const int MaxCode = 15;

    private const int OnePair = 0x0001_0001;

    public static int OutputCount => TileKernel.PanelWidth;

    public static int QuadBytes => 4;

    private static bool HasHalves => TLanes.Count < TileKernel.PanelWidth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Start(int correction, out TInts low, out TInts high)
    {
        low = TLanes.BroadcastInteger(0);
        high = HasHalves ? low : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TFormat>(byte* block, int pair, int member, int output, out TInts w0, out TInts w1, out TInts w2, out TInts w3)
        where TFormat : struct, IPanelFormat
    {
        w0 = TLanes.Codes<TFormat>(block, pair, member, 0);
        w1 = HasHalves ? TLanes.Codes<TFormat>(block, pair, member, TLanes.Count) : default;
        w2 = w3 = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(TInts w0, TInts w1, TInts w2, TInts w3, byte* x, ref TInts low, ref TInts high)
    {
        TInts row = TLanes.BroadcastInteger(*(int*)x);
        low = TLanes.MultiplyAddBytes(w0, row, low);
        if (HasHalves) high = TLanes.MultiplyAddBytes(w1, row, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<TFormat>(TInts low, TInts high, TVector scales, TVector highScales, TVector minimums, TVector highMinimums, float* factor, int height, float* sums)
        where TFormat : struct, IPanelFormat
    {
        TInts correction = TLanes.BroadcastInteger(TFormat.HasMinimums ? 0 : ((int*)factor)[height]);
        TInts ones = TLanes.BroadcastInteger(OnePair);
        DotKernel.AddBlock<TFormat, TLanes, TVector>(TLanes.ToFloats(TLanes.MultiplyAddPairs(low, ones, correction)), scales, minimums, factor, height, sums);
        if (HasHalves)
            DotKernel.AddBlock<TFormat, TLanes, TVector>(TLanes.ToFloats(TLanes.MultiplyAddPairs(high, ones, correction)), highScales, highMinimums, factor, height, sums + TLanes.Count);
    }
}
