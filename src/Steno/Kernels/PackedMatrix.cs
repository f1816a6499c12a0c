using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>A weight matrix W [N, K] in the one layout that serves both a single row and many rows of activations.</summary>
/// <remarks>
/// The N output rows are cut into panels of 16, and a panel stores for k = 0..K-1 the 16 weights W[n..n+15, k] side by side:
/// <code>panel p: W[16p, 0] W[16p+1, 0] .. W[16p+15, 0]  W[16p, 1] .. W[16p+15, 1]  ...  W[16p+15, K-1]</code>
/// An activation x[k], broadcast to all lanes and multiplied by those 16 weights, adds to 16 outputs at once: no horizontal sum is ever
/// needed, and the weights of a panel are read in one ascending sweep. Rows beyond N, in the last panel, are zero.
/// <para>
/// In a paired matrix the panels of the first N / 2 rows alternate with those of the others: gate and up of an MLP, which
/// <see cref="GemmEpilogue.SwiGlu"/> needs side by side.
/// </para>
/// </remarks>
internal sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Output rows of a panel: one 512-bit register of floats.</summary>
    public const int PanelWidth = TileKernel.PanelWidth;

    private readonly AlignedBuffer<float>? _floats;
    private readonly AlignedBuffer<BFloat16>? _halves;

    /// <summary>Allocates a matrix whose rows are still to be set.</summary>
    /// <param name="format">Number format of the weights.</param>
    /// <param name="rowCount">N, the number of outputs.</param>
    /// <param name="columnCount">K, the number of inputs.</param>
    /// <param name="isPaired">True to let the panels of the two halves of the rows alternate.</param>
    public PackedMatrix(WeightFormat format, int rowCount, int columnCount, bool isPaired = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        Format = format;
        RowCount = rowCount;
        ColumnCount = columnCount;
        IsPaired = isPaired;
        PanelCount = isPaired ? 2 * PanelsFor(rowCount / 2) : PanelsFor(rowCount);
        long length = (long)PanelCount * PanelWidth * columnCount;
        if (format == WeightFormat.F32) _floats = new AlignedBuffer<float>(length, isZeroed: false);
        else _halves = new AlignedBuffer<BFloat16>(length, isZeroed: false);
        ClearLastPanels();
    }

    public WeightFormat Format { get; }

    /// <summary>N, the number of outputs.</summary>
    public int RowCount { get; }

    /// <summary>K, the number of inputs.</summary>
    public int ColumnCount { get; }

    public int PanelCount { get; }

    public bool IsPaired { get; }

    public long ByteCount => _floats?.ByteCount ?? _halves!.ByteCount;

    /// <summary>First weight of a panel of an F32 matrix.</summary>
    public float* FloatPanel(int panel) => _floats!.Pointer + ((long)panel * PanelWidth * ColumnCount);

    /// <summary>First weight of a panel of a BF16 matrix.</summary>
    public BFloat16* HalfPanel(int panel) => _halves!.Pointer + ((long)panel * PanelWidth * ColumnCount);

    /// <summary>Writes the 16 rows of a whole panel of a BF16 matrix.</summary>
    /// <param name="firstRow">The first of them.</param>
    /// <param name="rows">[16, K]: BF16 bit patterns, row-major; need not be aligned.</param>
    /// <returns>False, and nothing is written, when the 16 rows are not a whole panel or the matrix is not BF16.</returns>
    /// <remarks>Different rows may be set by different threads at once.</remarks>
    public bool TrySetPanel(int firstRow, ushort* rows)
    {
        (int panel, int lane) = Locate(firstRow);
        int end = IsPaired && firstRow < RowCount / 2 ? RowCount / 2 : RowCount;
        if (lane != 0 || firstRow + PanelWidth > end || Format != WeightFormat.BF16) return false;
        PanelTranspose.Run(rows, ColumnCount, (ushort*)HalfPanel(panel));
        return true;
    }

    /// <summary>Writes one row into the layout.</summary>
    /// <param name="row">Index of the row, below <see cref="RowCount"/>.</param>
    /// <param name="values">[K].</param>
    /// <param name="columnOrder">Column k of the matrix is <paramref name="values"/>[columnOrder[k]]; empty for the order as it is.</param>
    /// <remarks>Different rows may be set by different threads at once.</remarks>
    public void SetRow(int row, ReadOnlySpan<float> values, ReadOnlySpan<int> columnOrder = default)
    {
        if ((uint)row >= (uint)RowCount) throw new ArgumentOutOfRangeException(nameof(row), row, $"The matrix has {RowCount} rows.");
        if (values.Length != ColumnCount) throw new ArgumentException($"A row has {ColumnCount} columns, not {values.Length}.", nameof(values));
        (int panel, int lane) = Locate(row);
        if (_floats is not null)
        {
            float* target = FloatPanel(panel) + lane;
            for (int k = 0; k < values.Length; k++) target[(long)k * PanelWidth] = values[columnOrder.IsEmpty ? k : columnOrder[k]];
        }
        else
        {
            BFloat16* target = HalfPanel(panel) + lane;
            for (int k = 0; k < values.Length; k++) target[(long)k * PanelWidth] = (BFloat16)values[columnOrder.IsEmpty ? k : columnOrder[k]];
        }
    }

    /// <summary>Reads one row back, as an embedding table does.</summary>
    /// <param name="row">Index of the row, below <see cref="RowCount"/>.</param>
    /// <param name="destination">[K].</param>
    public void CopyRow(int row, Span<float> destination)
    {
        if ((uint)row >= (uint)RowCount) throw new ArgumentOutOfRangeException(nameof(row), row, $"The matrix has {RowCount} rows.");
        (int panel, int lane) = Locate(row);
        if (_floats is not null)
        {
            float* source = FloatPanel(panel) + lane;
            for (int k = 0; k < ColumnCount; k++) destination[k] = source[(long)k * PanelWidth];
        }
        else
        {
            BFloat16* source = HalfPanel(panel) + lane;
            for (int k = 0; k < ColumnCount; k++) destination[k] = source[(long)k * PanelWidth];
        }
    }

    public void Dispose()
    {
        _floats?.Dispose();
        _halves?.Dispose();
    }

    private void ClearLastPanels()
    {
        for (int panel = Math.Max(0, PanelCount - (IsPaired ? 2 : 1)); panel < PanelCount; panel++)
        {
            if (_floats is not null) new Span<float>(FloatPanel(panel), PanelWidth * ColumnCount).Clear();
            else new Span<BFloat16>(HalfPanel(panel), PanelWidth * ColumnCount).Clear();
        }
    }

    private static int PanelsFor(int rowCount) => (rowCount + PanelWidth - 1) / PanelWidth;

    private (int Panel, int Lane) Locate(int row)
    {
        if (!IsPaired) return (row / PanelWidth, row % PanelWidth);
        int rowOfHalf = row % (RowCount / 2);
        return ((2 * (rowOfHalf / PanelWidth)) + (row / (RowCount / 2)), rowOfHalf % PanelWidth);
    }
}
