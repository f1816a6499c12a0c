using System.Runtime.CompilerServices;
using Steno.Tensors;

namespace Steno.Kernels;

internal static unsafe partial class TileKernel
{
    // Rows by registers of columns, each sum a chain of its own; what belongs to rows or columns that there are not is left out when it is compiled. A
    // register of columns is a part of a panel, so that panels of 16 are one register in 512 bits, two in 256 and four in 128.
    //
    // Each k costs a load for each register of columns and a broadcast for each row, for as many multiply-adds as there are sums.
#pragma warning disable MA0051 // C# has no arrays of registers, so each of the 32 is written out.
    private static void Tile<TElement, TLanes, TVector, THeight, TColumns>(float* a, int aStride, TElement* b, long panelStride, long depthStride, int depth, float* sums, int sumsPerPanel, int firstRegister = 0)
        where TElement : unmanaged
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where THeight : struct, ICount
        where TColumns : struct, ICount
    {
        TElement* b0 = b + ColumnOffset<TLanes, TVector>(firstRegister + 0, panelStride);
        TElement* b1 = b + ColumnOffset<TLanes, TVector>(firstRegister + 1, panelStride);
        TElement* b2 = b + ColumnOffset<TLanes, TVector>(firstRegister + 2, panelStride);
        TElement* b3 = b + ColumnOffset<TLanes, TVector>(firstRegister + 3, panelStride);
        float* t0 = sums + ColumnOffset<TLanes, TVector>(firstRegister + 0, sumsPerPanel);
        float* t1 = sums + ColumnOffset<TLanes, TVector>(firstRegister + 1, sumsPerPanel);
        float* t2 = sums + ColumnOffset<TLanes, TVector>(firstRegister + 2, sumsPerPanel);
        float* t3 = sums + ColumnOffset<TLanes, TVector>(firstRegister + 3, sumsPerPanel);
        TVector s00 = Start<TLanes, TVector, THeight, TColumns>(t0, 0, 0), s01 = Start<TLanes, TVector, THeight, TColumns>(t1, 0, 1), s02 = Start<TLanes, TVector, THeight, TColumns>(t2, 0, 2), s03 = Start<TLanes, TVector, THeight, TColumns>(t3, 0, 3);
        TVector s10 = Start<TLanes, TVector, THeight, TColumns>(t0, 1, 0), s11 = Start<TLanes, TVector, THeight, TColumns>(t1, 1, 1), s12 = Start<TLanes, TVector, THeight, TColumns>(t2, 1, 2), s13 = Start<TLanes, TVector, THeight, TColumns>(t3, 1, 3);
        TVector s20 = Start<TLanes, TVector, THeight, TColumns>(t0, 2, 0), s21 = Start<TLanes, TVector, THeight, TColumns>(t1, 2, 1), s22 = Start<TLanes, TVector, THeight, TColumns>(t2, 2, 2), s23 = Start<TLanes, TVector, THeight, TColumns>(t3, 2, 3);
        TVector s30 = Start<TLanes, TVector, THeight, TColumns>(t0, 3, 0), s31 = Start<TLanes, TVector, THeight, TColumns>(t1, 3, 1), s32 = Start<TLanes, TVector, THeight, TColumns>(t2, 3, 2), s33 = Start<TLanes, TVector, THeight, TColumns>(t3, 3, 3);
        TVector s40 = Start<TLanes, TVector, THeight, TColumns>(t0, 4, 0), s41 = Start<TLanes, TVector, THeight, TColumns>(t1, 4, 1), s42 = Start<TLanes, TVector, THeight, TColumns>(t2, 4, 2), s43 = Start<TLanes, TVector, THeight, TColumns>(t3, 4, 3);
        TVector s50 = Start<TLanes, TVector, THeight, TColumns>(t0, 5, 0), s51 = Start<TLanes, TVector, THeight, TColumns>(t1, 5, 1), s52 = Start<TLanes, TVector, THeight, TColumns>(t2, 5, 2), s53 = Start<TLanes, TVector, THeight, TColumns>(t3, 5, 3);
        TVector s60 = Start<TLanes, TVector, THeight, TColumns>(t0, 6, 0), s61 = Start<TLanes, TVector, THeight, TColumns>(t1, 6, 1), s62 = Start<TLanes, TVector, THeight, TColumns>(t2, 6, 2), s63 = Start<TLanes, TVector, THeight, TColumns>(t3, 6, 3);
        TVector s70 = Start<TLanes, TVector, THeight, TColumns>(t0, 7, 0), s71 = Start<TLanes, TVector, THeight, TColumns>(t1, 7, 1), s72 = Start<TLanes, TVector, THeight, TColumns>(t2, 7, 2), s73 = Start<TLanes, TVector, THeight, TColumns>(t3, 7, 3);
        for (; depth > 0; depth--, a += aStride)
        {
            TVector w0 = Load<TElement, TLanes, TVector>(b0);
            TVector w1 = TColumns.Value > 1 ? Load<TElement, TLanes, TVector>(b1) : default;
            TVector w2 = TColumns.Value > 2 ? Load<TElement, TLanes, TVector>(b2) : default;
            TVector w3 = TColumns.Value > 3 ? Load<TElement, TLanes, TVector>(b3) : default;
            b0 += depthStride;
            if (TColumns.Value > 1) b1 += depthStride;
            if (TColumns.Value > 2) b2 += depthStride;
            if (TColumns.Value > 3) b3 += depthStride;
            Step<TLanes, TVector, THeight, TColumns>(a, 0, w0, w1, w2, w3, ref s00, ref s01, ref s02, ref s03);
            Step<TLanes, TVector, THeight, TColumns>(a, 1, w0, w1, w2, w3, ref s10, ref s11, ref s12, ref s13);
            Step<TLanes, TVector, THeight, TColumns>(a, 2, w0, w1, w2, w3, ref s20, ref s21, ref s22, ref s23);
            Step<TLanes, TVector, THeight, TColumns>(a, 3, w0, w1, w2, w3, ref s30, ref s31, ref s32, ref s33);
            Step<TLanes, TVector, THeight, TColumns>(a, 4, w0, w1, w2, w3, ref s40, ref s41, ref s42, ref s43);
            Step<TLanes, TVector, THeight, TColumns>(a, 5, w0, w1, w2, w3, ref s50, ref s51, ref s52, ref s53);
            Step<TLanes, TVector, THeight, TColumns>(a, 6, w0, w1, w2, w3, ref s60, ref s61, ref s62, ref s63);
            Step<TLanes, TVector, THeight, TColumns>(a, 7, w0, w1, w2, w3, ref s70, ref s71, ref s72, ref s73);
        }

        Store<TLanes, TVector, THeight, TColumns>(0, s00, s01, s02, s03, t0, t1, t2, t3);
        Store<TLanes, TVector, THeight, TColumns>(1, s10, s11, s12, s13, t0, t1, t2, t3);
        Store<TLanes, TVector, THeight, TColumns>(2, s20, s21, s22, s23, t0, t1, t2, t3);
        Store<TLanes, TVector, THeight, TColumns>(3, s30, s31, s32, s33, t0, t1, t2, t3);
        Store<TLanes, TVector, THeight, TColumns>(4, s40, s41, s42, s43, t0, t1, t2, t3);
        Store<TLanes, TVector, THeight, TColumns>(5, s50, s51, s52, s53, t0, t1, t2, t3);
        Store<TLanes, TVector, THeight, TColumns>(6, s60, s61, s62, s63, t0, t1, t2, t3);
        Store<TLanes, TVector, THeight, TColumns>(7, s70, s71, s72, s73, t0, t1, t2, t3);
    }
#pragma warning restore MA0051

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ColumnOffset<TLanes, TVector>(int register, long panelStride)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int registersPerPanel = PanelWidth / TLanes.Count;
        return (register / registersPerPanel * panelStride) + (register % registersPerPanel * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Start<TLanes, TVector, THeight, TColumns>(float* sums, int row, int register)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where THeight : struct, ICount
        where TColumns : struct, ICount => row < THeight.Value && register < TColumns.Value ? TLanes.Load(sums + (row * PanelWidth)) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLanes, TVector, THeight, TColumns>(float* a, int row, TVector w0, TVector w1, TVector w2, TVector w3, ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where THeight : struct, ICount
        where TColumns : struct, ICount
    {
        if (row >= THeight.Value) return;
        TVector x = TLanes.Broadcast(a[row]);
        s0 = TLanes.MultiplyAdd(x, w0, s0);
        if (TColumns.Value > 1) s1 = TLanes.MultiplyAdd(x, w1, s1);
        if (TColumns.Value > 2) s2 = TLanes.MultiplyAdd(x, w2, s2);
        if (TColumns.Value > 3) s3 = TLanes.MultiplyAdd(x, w3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, TVector, THeight, TColumns>(int row, TVector s0, TVector s1, TVector s2, TVector s3, float* t0, float* t1, float* t2, float* t3)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where THeight : struct, ICount
        where TColumns : struct, ICount
    {
        if (row >= THeight.Value) return;
        TLanes.Store(s0, t0 + (row * PanelWidth));
        if (TColumns.Value > 1) TLanes.Store(s1, t1 + (row * PanelWidth));
        if (TColumns.Value > 2) TLanes.Store(s2, t2 + (row * PanelWidth));
        if (TColumns.Value > 3) TLanes.Store(s3, t3 + (row * PanelWidth));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TElement, TLanes, TVector>(TElement* source)
        where TElement : unmanaged
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        typeof(TElement) == typeof(float) ? TLanes.Load((float*)source) : TLanes.Load((BFloat16*)source);
}
