using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>The layout in which rows of activations enter a matrix product.</summary>
/// <remarks>
/// Rows are taken in tiles of 8 whose values lie side by side for each column: [tile, column, 8]. A single row stays as it is: [column].
/// So element (row, column) of M rows of width K is at (row / h) * h * K + column * h + row % h, with h = 1 for M = 1 and else 8. Rows beyond
/// M, in the last tile, are zero.
/// </remarks>
internal static unsafe class RowTiles
{
    /// <summary>Rows of a tile: 1 when there is one row only.</summary>
    public static int Height(int rowCount) => rowCount == 1 ? 1 : TileKernel.Height;

    /// <summary>Number of tiles.</summary>
    public static int Count(int rowCount) => (rowCount + Height(rowCount) - 1) / Height(rowCount);

    /// <summary>Floats that rows of a width take.</summary>
    public static long Length(int rowCount, long width) => Count(rowCount) * Height(rowCount) * width;

    /// <summary>First value of a row; the next is <paramref name="height"/> floats further.</summary>
    /// <param name="tiles">The tiles.</param>
    /// <param name="row">Index of the row.</param>
    /// <param name="width">Width of a row.</param>
    /// <param name="height">Rows of a tile; 1 for rows as they are.</param>
    public static float* Row(float* tiles, int row, int width, int height) => tiles + ((long)(row / height) * height * width) + (row % height);

    /// <summary>Floats from one row of a tile to the next.</summary>
    public static int RowStride(int width, int height) => height == 1 ? width : 1;

    /// <summary>Clears the last tile, for a producer that writes single rows: those that fill it up must hold numbers too.</summary>
    public static void ClearLast(float* tiles, int rowCount, int width, int height)
    {
        int tileCount = (rowCount + height - 1) / height;
        new Span<float>(tiles + ((long)(tileCount - 1) * height * width), height * width).Clear();
    }

    /// <summary>Brings at most 8 rows into a full tile.</summary>
    /// <param name="rows">First row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rowCount">Rows there are; the others become zero.</param>
    /// <param name="width">Width of a row.</param>
    /// <param name="tile">[width, 8].</param>
    public static void Pack(float* rows, long stride, int rowCount, int width, float* tile)
    {
        int column = 0;
        if (Sse.IsSupported && rowCount == TileKernel.Height)
        {
            for (; column <= width - 4; column += 4)
            {
                PackFourByFour(rows + column, stride, tile + (column * TileKernel.Height));
                PackFourByFour(rows + (4 * stride) + column, stride, tile + (column * TileKernel.Height) + 4);
            }
        }

        for (; column < width; column++)
        {
            for (int row = 0; row < TileKernel.Height; row++)
                tile[(column * TileKernel.Height) + row] = row < rowCount ? rows[(row * stride) + column] : 0;
        }
    }

    // Transposes four rows of four values: interleave rows 0 with 1 and 2 with 3, then join the halves.
    private static void PackFourByFour(float* rows, long stride, float* tile)
    {
        Vector128<float> a = Vector128.Load(rows);
        Vector128<float> b = Vector128.Load(rows + stride);
        Vector128<float> c = Vector128.Load(rows + (2 * stride));
        Vector128<float> d = Vector128.Load(rows + (3 * stride));
        Vector128<float> abLow = Sse.UnpackLow(a, b);
        Vector128<float> abHigh = Sse.UnpackHigh(a, b);
        Vector128<float> cdLow = Sse.UnpackLow(c, d);
        Vector128<float> cdHigh = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(abLow, cdLow).Store(tile);
        Sse.MoveHighToLow(cdLow, abLow).Store(tile + 8);
        Sse.MoveLowToHigh(abHigh, cdHigh).Store(tile + 16);
        Sse.MoveHighToLow(cdHigh, abHigh).Store(tile + 24);
    }
}
