using System.Runtime.CompilerServices;

namespace Steno.Kernels;

/// <summary>Products of codes without a dot instruction for bytes: the codes of a quad become two registers of 16-bit pairs, columns 0 and 2 and columns 1 and 3.</summary>
/// <remarks>An instruction that multiplies pairs and adds each pair does the rest. The codes of a row are stored in the same pairs (<see cref="QuantizedRows"/>).</remarks>
internal readonly unsafe struct WordDot<TLanes, TInts, TVector> : IDotLanes<TInts, TVector>
    where TLanes : struct, ILanes<TVector>, IIntegerLanes<TInts, TVector>
    where TInts : struct
    where TVector : struct
{
    public static int OutputCount => TLanes.Count == TileKernel.PanelWidth ? TileKernel.PanelWidth : 2 * TLanes.Count;

    public static int QuadBytes => 8;

    // Sums of 16 outputs fill one register of 512 bits, else two registers take as many as they hold: so a broadcast number of a row serves both.
    private static bool HasHalves => TLanes.Count < TileKernel.PanelWidth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Start(int correction, out TInts low, out TInts high)
    {
        low = TLanes.BroadcastInteger(correction);
        high = HasHalves ? low : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes<TFormat>(byte* block, int pair, int member, int output, out TInts w0, out TInts w1, out TInts w2, out TInts w3)
        where TFormat : struct, IPanelFormat
    {
        TInts codes = TLanes.Codes<TFormat>(block, pair, member, output);
        w0 = TLanes.EvenBytes(codes);
        w1 = TLanes.OddBytes(codes);
        if (HasHalves)
        {
            codes = TLanes.Codes<TFormat>(block, pair, member, output + TLanes.Count);
            w2 = TLanes.EvenBytes(codes);
            w3 = TLanes.OddBytes(codes);
        }
        else
        {
            w2 = w3 = default;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step(TInts w0, TInts w1, TInts w2, TInts w3, byte* x, ref TInts low, ref TInts high)
    {
        TInts even = TLanes.BroadcastInteger(*(int*)x);
        low = TLanes.MultiplyAddPairs(w0, even, low);
        if (HasHalves) high = TLanes.MultiplyAddPairs(w2, even, high);
        TInts odd = TLanes.BroadcastInteger(((int*)x)[1]);
        low = TLanes.MultiplyAddPairs(w1, odd, low);
        if (HasHalves) high = TLanes.MultiplyAddPairs(w3, odd, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<TFormat>(TInts low, TInts high, TVector scales, TVector highScales, TVector minimums, TVector highMinimums, float* factor, int height, float* sums)
        where TFormat : struct, IPanelFormat
    {
        DotKernel.AddBlock<TFormat, TLanes, TVector>(TLanes.ToFloats(low), scales, minimums, factor, height, sums);
        if (HasHalves) DotKernel.AddBlock<TFormat, TLanes, TVector>(TLanes.ToFloats(high), highScales, highMinimums, factor, height, sums + TLanes.Count);
    }
}
