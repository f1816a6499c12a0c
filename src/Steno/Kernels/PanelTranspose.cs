using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>Brings 16 rows of 16-bit weights into a panel of a <see cref="PackedMatrix"/>.</summary>
internal static unsafe class PanelTranspose
{
    private const int PanelWidth = TileKernel.PanelWidth;

    /// <summary>panel[k, r] = rows[r, k].</summary>
    /// <param name="rows">[16, columnCount], row-major; need not be aligned.</param>
    /// <param name="columnCount">Columns.</param>
    /// <param name="panel">[columnCount, 16].</param>
    public static void Run(ushort* rows, int columnCount, ushort* panel)
    {
        int column = 0;
        if (Sse2.IsSupported)
        {
            for (; column <= columnCount - 8; column += 8)
            {
                EightByEight(rows + column, columnCount, panel + (column * PanelWidth));
                EightByEight(rows + (8L * columnCount) + column, columnCount, panel + (column * PanelWidth) + 8);
            }
        }

        for (; column < columnCount; column++)
        {
            for (int row = 0; row < PanelWidth; row++) panel[(column * PanelWidth) + row] = rows[((long)row * columnCount) + column];
        }
    }

    // Three rounds of interleaving: pairs of rows by 16 bits, pairs of pairs by 32, and halves by 64, after which each register is a column.
    private static void EightByEight(ushort* rows, long stride, ushort* panel)
    {
        Vector128<ushort> r0 = Vector128.Load(rows), r1 = Vector128.Load(rows + stride);
        Vector128<ushort> r2 = Vector128.Load(rows + (2 * stride)), r3 = Vector128.Load(rows + (3 * stride));
        Vector128<ushort> r4 = Vector128.Load(rows + (4 * stride)), r5 = Vector128.Load(rows + (5 * stride));
        Vector128<ushort> r6 = Vector128.Load(rows + (6 * stride)), r7 = Vector128.Load(rows + (7 * stride));
        Vector128<uint> a0 = Sse2.UnpackLow(r0, r1).AsUInt32(), a1 = Sse2.UnpackHigh(r0, r1).AsUInt32();
        Vector128<uint> a2 = Sse2.UnpackLow(r2, r3).AsUInt32(), a3 = Sse2.UnpackHigh(r2, r3).AsUInt32();
        Vector128<uint> a4 = Sse2.UnpackLow(r4, r5).AsUInt32(), a5 = Sse2.UnpackHigh(r4, r5).AsUInt32();
        Vector128<uint> a6 = Sse2.UnpackLow(r6, r7).AsUInt32(), a7 = Sse2.UnpackHigh(r6, r7).AsUInt32();
        StoreColumns(a0, a2, a4, a6, panel);
        StoreColumns(a1, a3, a5, a7, panel + (4 * PanelWidth));
    }

    private static void StoreColumns(Vector128<uint> rows01, Vector128<uint> rows23, Vector128<uint> rows45, Vector128<uint> rows67, ushort* panel)
    {
        Vector128<ulong> low0 = Sse2.UnpackLow(rows01, rows23).AsUInt64(), low1 = Sse2.UnpackLow(rows45, rows67).AsUInt64();
        Vector128<ulong> high0 = Sse2.UnpackHigh(rows01, rows23).AsUInt64(), high1 = Sse2.UnpackHigh(rows45, rows67).AsUInt64();
        Sse2.UnpackLow(low0, low1).AsUInt16().Store(panel);
        Sse2.UnpackHigh(low0, low1).AsUInt16().Store(panel + PanelWidth);
        Sse2.UnpackLow(high0, high1).AsUInt16().Store(panel + (2 * PanelWidth));
        Sse2.UnpackHigh(high0, high1).AsUInt16().Store(panel + (3 * PanelWidth));
    }
}
