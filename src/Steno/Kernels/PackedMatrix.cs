using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>A weight matrix W [N, K] in the one layout that serves both a single row and many rows of activations.</summary>
/// <remarks>
/// The N output rows are cut into panels of 16, and a panel of plain numbers stores for k = 0..K-1 the 16 weights W[n..n+15, k] side by side:
/// <code>panel p: W[16p, 0] W[16p+1, 0] .. W[16p+15, 0]  W[16p, 1] .. W[16p+15, 1]  ...  W[16p+15, K-1]</code>
/// An activation x[k], broadcast to all lanes and multiplied by those 16 weights, adds to 16 outputs at once: no horizontal sum is ever
/// needed, and the weights of a panel are read in one ascending sweep. Quantised panels do the same with four columns at a time
/// (<see cref="IPanelFormat"/>). Rows beyond N, in the last panel, are zero.
/// <para>
/// In a paired matrix the panels of the first N / 2 rows alternate with those of the others: gate and up of an MLP, which
/// <see cref="GemmEpilogue.SwiGlu"/> needs side by side.
/// </para>
/// </remarks>
internal sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Output rows of a panel: one 512-bit register of floats.</summary>
    public const int PanelWidth = TileKernel.PanelWidth;

    private readonly AlignedBuffer<byte>? _owned;
    private readonly byte* _panels;
    private readonly long _panelBytes;

    /// <summary>Allocates a matrix whose rows are still to be set.</summary>
    /// <param name="format">Number format of the weights.</param>
    /// <param name="rowCount">N, the number of outputs.</param>
    /// <param name="columnCount">K, the number of inputs.</param>
    /// <param name="isPaired">True to let the panels of the two halves of the rows alternate.</param>
    public PackedMatrix(WeightFormat format, int rowCount, int columnCount, bool isPaired = false)
        : this(format, rowCount, columnCount, isPaired, panels: null)
    {
    }

    private PackedMatrix(byte* panels, WeightFormat format, int rowCount, int columnCount, bool isPaired)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        Format = format;
        RowCount = rowCount;
        ColumnCount = columnCount;
        IsPaired = isPaired;
        PanelCount = isPaired ? 2 * PanelsFor(rowCount / 2) : PanelsFor(rowCount);
        _panelBytes = PanelFormats.PanelBytes(format, columnCount);
        _panels = panels;
    }

    /// <summary>Makes a matrix, whose rows are still to be set, in memory of the caller.</summary>
    /// <param name="format">Number format of the weights.</param>
    /// <param name="rowCount">N, the number of outputs.</param>
    /// <param name="columnCount">K, the number of inputs.</param>
    /// <param name="isPaired">True to let the panels of the two halves of the rows alternate.</param>
    /// <param name="panels">[<see cref="ByteCount"/>], which outlives the matrix; null to allocate it.</param>
    public PackedMatrix(WeightFormat format, int rowCount, int columnCount, bool isPaired, byte* panels)
        : this(panels, format, rowCount, columnCount, isPaired)
    {
        if (panels is null)
        {
            _owned = new AlignedBuffer<byte>(ByteCount, isZeroed: false);
            _panels = _owned.Pointer;
        }

        ClearLastPanels();
    }

    public WeightFormat Format { get; }

    /// <summary>N, the number of outputs.</summary>
    public int RowCount { get; }

    /// <summary>K, the number of inputs.</summary>
    public int ColumnCount { get; }

    public int PanelCount { get; }

    public bool IsPaired { get; }

    public long ByteCount => PanelCount * _panelBytes;

    /// <summary>A matrix whose panels are there already, in memory that may be read only.</summary>
    /// <param name="format">Number format of the weights.</param>
    /// <param name="rowCount">N, the number of outputs.</param>
    /// <param name="columnCount">K, the number of inputs.</param>
    /// <param name="isPaired">True where the panels of the two halves of the rows alternate.</param>
    /// <param name="panels">[<see cref="ByteCount"/>], as <see cref="SetRow"/> leaves them, on a boundary of 64 bytes; outlives the matrix.</param>
    public static PackedMatrix Over(WeightFormat format, int rowCount, int columnCount, bool isPaired, byte* panels) =>
        new(panels, format, rowCount, columnCount, isPaired);

    /// <summary>Bytes of a matrix.</summary>
    public static long BytesOf(WeightFormat format, int rowCount, int columnCount, bool isPaired) =>
        (isPaired ? 2L * PanelsFor(rowCount / 2) : PanelsFor(rowCount)) * PanelFormats.PanelBytes(format, columnCount);

    /// <summary>First byte of a panel.</summary>
    public byte* Panel(int panel) => _panels + (panel * _panelBytes);

    /// <summary>
    /// Tiles in which the activations of a product with this matrix are made: of <see cref="RowTiles"/>, or single rows where they are quantised
    /// before they are multiplied.
    /// </summary>
    public TileShape InputShape(int rowCount) => Format.IsQuantized() ? TileShape.OfSingleRows(rowCount) : TileShape.OfPlainRows(rowCount);

    /// <summary>Tiles that the kernel multiplies.</summary>
    public TileShape Shape(int rowCount, KernelPath path) => TileShape.Of(Format, path, rowCount);

    /// <summary>Panel that holds a row, and which of its 16 outputs the row is.</summary>
    public (int Panel, int Output) Locate(int row)
    {
        if ((uint)row >= (uint)RowCount) throw new ArgumentOutOfRangeException(nameof(row), row, $"The matrix has {RowCount} rows.");
        if (!IsPaired) return (row / PanelWidth, row % PanelWidth);
        int rowOfHalf = row % (RowCount / 2);
        return ((2 * (rowOfHalf / PanelWidth)) + (row / (RowCount / 2)), rowOfHalf % PanelWidth);
    }

    /// <summary>Writes one row into the layout.</summary>
    /// <param name="row">Index of the row, below <see cref="RowCount"/>.</param>
    /// <param name="values">[K].</param>
    /// <remarks>Rows of different panels may be set by different threads at once; those of a panel are set in ascending order.</remarks>
    /// <exception cref="ArgumentException">The row has another number of columns, or the format cannot be made of plain numbers.</exception>
    public void SetRow(int row, ReadOnlySpan<float> values)
    {
        if (values.Length != ColumnCount) throw new ArgumentException($"A row has {ColumnCount} columns, not {values.Length}.", nameof(values));
        (int panel, int output) = Locate(row);
        byte* target = Panel(panel);
        fixed (float* source = values)
        {
            switch (Format)
            {
                case WeightFormat.F32:
                    for (int k = 0; k < values.Length; k++) ((float*)target)[((long)k * PanelWidth) + output] = source[k];
                    break;
                case WeightFormat.BF16:
                    for (int k = 0; k < values.Length; k++) ((BFloat16*)target)[((long)k * PanelWidth) + output] = (BFloat16)source[k];
                    break;
                default:
                    QuantizedPanels.SetRow(Format, target, output, source, ColumnCount);
                    break;
            }
        }
    }

    /// <summary>Reads one row back, as an embedding table does.</summary>
    /// <param name="row">Index of the row, below <see cref="RowCount"/>.</param>
    /// <param name="destination">[K].</param>
    public void CopyRow(int row, Span<float> destination)
    {
        (int panel, int output) = Locate(row);
        byte* source = Panel(panel);
        switch (Format)
        {
            case WeightFormat.F32:
                for (int k = 0; k < ColumnCount; k++) destination[k] = ((float*)source)[((long)k * PanelWidth) + output];
                break;
            case WeightFormat.BF16:
                for (int k = 0; k < ColumnCount; k++) destination[k] = ((BFloat16*)source)[((long)k * PanelWidth) + output];
                break;
            default:
                QuantizedPanels.CopyRow(Format, source, output, destination[..ColumnCount]);
                break;
        }
    }

    public void Dispose() => _owned?.Dispose();

    private void ClearLastPanels()
    {
        for (int panel = Math.Max(0, PanelCount - (IsPaired ? 2 : 1)); panel < PanelCount; panel++)
            new Span<byte>(Panel(panel), checked((int)_panelBytes)).Clear();
    }

    private static int PanelsFor(int rowCount) => (rowCount + PanelWidth - 1) / PanelWidth;
}
