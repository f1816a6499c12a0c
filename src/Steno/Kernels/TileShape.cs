namespace Steno.Kernels;

/// <summary>How rows of activations are cut into tiles: what a kernel multiplies at a time.</summary>
/// <remarks>
/// A full tile is as many rows as the kernel of a format and path has registers for. What full tiles leave over, and a batch that fills none, takes the
/// lowest of the heights 1, 2 and 4 that holds it: so a step of two rows costs little more than one of a single row, and not what a full tile costs.
/// <para>Tiles lie one after the other, each as long as a full one but the last. Rows that fill up the last tile are computed and not stored.</para>
/// </remarks>
internal readonly record struct TileShape
{
    private TileShape(int rowCount, int height, int lastHeight)
    {
        RowCount = rowCount;
        Height = height;
        LastHeight = lastHeight;
    }

    /// <summary>Rows there are.</summary>
    public int RowCount { get; }

    /// <summary>Rows of every tile but the last.</summary>
    public int Height { get; }

    /// <summary>Rows of the last tile, those that fill it up included.</summary>
    public int LastHeight { get; }

    /// <summary>Number of tiles.</summary>
    public int Count => (RowCount + Height - 1) / Height;

    /// <summary>Rows of all tiles, those that fill up the last one included.</summary>
    public int PaddedRowCount => ((Count - 1) * Height) + LastHeight;

    /// <summary>The tiles that the kernel of a format and path multiplies.</summary>
    public static TileShape Of(WeightFormat format, KernelPath path, int rowCount) =>
        Cut(rowCount, format.IsQuantized() ? QuantizedRows.FullHeight(format, path) : TileKernel.Height);

    /// <summary>The tiles of <see cref="RowTiles"/>, in which rows of plain numbers enter a product: the same on every path.</summary>
    public static TileShape OfPlainRows(int rowCount) => Cut(rowCount, TileKernel.Height);

    /// <summary>Rows that lie one after the other, each a tile of its own.</summary>
    public static TileShape OfSingleRows(int rowCount) => new(rowCount, height: 1, lastHeight: 1);

    /// <summary>Rows of a tile, those that fill it up included.</summary>
    public int HeightOf(int tile) => tile == Count - 1 ? LastHeight : Height;

    /// <summary>First row of a tile.</summary>
    public int FirstRow(int tile) => tile * Height;

    /// <summary>Rows of a tile that there are.</summary>
    public int RowsIn(int tile) => Math.Min(Height, RowCount - FirstRow(tile));

    private static TileShape Cut(int rowCount, int fullHeight)
    {
        int remainder = rowCount % fullHeight;
        int lastHeight = remainder switch
        {
            0 => fullHeight,
            1 => 1,
            2 => 2,
            3 or 4 => 4,
            _ => fullHeight,
        };
        return new TileShape(rowCount, rowCount < fullHeight ? lastHeight : fullHeight, lastHeight);
    }
}
