using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>The layout in which rows of activations enter a matrix product.</summary>
/// <remarks>
/// Rows are taken in tiles (<see cref="TileShape.OfPlainRows"/>) whose values lie side by side for each column: [tile, column, height]. A single row
/// stays as it is: [column]. So element (row, column) of M rows of width K is at (row / h) * h * K + column * g + row % h, where h is the height of
/// a full tile and g that of the row's own, which is lower in the last one. Rows beyond M, in the last tile, are zero.
/// </remarks>
internal static unsafe class RowTiles
{
    /// <summary>Floats that rows of a width take.</summary>
    public static long Length(int rowCount, long width) => TileShape.OfPlainRows(rowCount).PaddedRowCount * width;

    /// <summary>First value of a row; the next is <see cref="TileShape.HeightOf"/> its tile floats further.</summary>
    /// <param name="tiles">The tiles.</param>
    /// <param name="row">Index of the row.</param>
    /// <param name="width">Width of a row.</param>
    /// <param name="shape">How the rows are cut.</param>
    public static float* Row(float* tiles, int row, int width, TileShape shape)
    {
        int tile = row / shape.Height;
        return tiles + ((long)shape.FirstRow(tile) * width) + (row - shape.FirstRow(tile));
    }

    /// <summary>Floats from one row of a tile to the next.</summary>
    public static int RowStride(int width, int height) => height == 1 ? width : 1;

    /// <summary>Clears the last tile, for a producer that writes single rows: those that fill it up must hold numbers too.</summary>
    public static void ClearLast(float* tiles, int width, TileShape shape) =>
        new Span<float>(tiles + ((long)shape.FirstRow(shape.Count - 1) * width), shape.LastHeight * width).Clear();

    /// <summary>Brings rows into a tile.</summary>
    /// <param name="rows">First row.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="rowCount">Rows there are; the others become zero.</param>
    /// <param name="width">Width of a row.</param>
    /// <param name="height">Rows of the tile: 1, 2, 4 or 8.</param>
    /// <param name="tile">[width, height].</param>
    public static void Pack(float* rows, long stride, int rowCount, int width, int height, float* tile)
    {
        int column = 0;
        if (Sse.IsSupported && rowCount == height && height >= 4)
        {
            for (; column <= width - 4; column += 4)
            {
                for (int row = 0; row < height; row += 4)
                    PackFourByFour(rows + (row * stride) + column, stride, height, tile + (column * height) + row);
            }
        }

        for (; column < width; column++)
        {
            for (int row = 0; row < height; row++)
                tile[(column * height) + row] = row < rowCount ? rows[(row * stride) + column] : 0;
        }
    }

    // Transposes four rows of four values: interleave rows 0 with 1 and 2 with 3, then join the halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackFourByFour(float* rows, long stride, int height, float* tile)
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
        Sse.MoveHighToLow(cdLow, abLow).Store(tile + height);
        Sse.MoveLowToHigh(abHigh, cdHigh).Store(tile + (2 * height));
        Sse.MoveHighToLow(cdHigh, abHigh).Store(tile + (3 * height));
    }
}
