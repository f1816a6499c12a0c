using Steno.Kernels;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Brings the tensors of a checkpoint into the layouts that the kernels read, on all threads.</summary>
internal sealed class WeightPacker(IWeightSource source, WeightPolicy policy, WorkerPool pool, CancellationToken cancellationToken) : IWeightBuilder, IDisposable
{
    private const int RowsPerItem = 64;

    private readonly List<IDisposable> _owned = [];

    /// <inheritdoc/>
    public long ParameterCount { get; private set; }

    /// <inheritdoc/>
    public long ByteCount { get; private set; }

    /// <inheritdoc/>
    public AlignedBuffer<float> Vector(string name, int length)
    {
        AlignedBuffer<float> vector = source.Require(name, length).ReadFloats();
        return Own(vector, length, vector.ByteCount);
    }

    /// <inheritdoc/>
    public AlignedBuffer<float> Vectors(params ReadOnlySpan<(string Name, int Length)> parts)
    {
        int total = 0;
        foreach ((_, int length) in parts) total += length;
        var vector = new AlignedBuffer<float>(total);
        Own(vector, total, vector.ByteCount);
        int start = 0;
        foreach ((string name, int length) in parts)
        {
            source.Require(name, length).CopyTo(vector.Span.Slice(start, length));
            start += length;
        }

        return vector;
    }

    /// <inheritdoc/>
    public PackedMatrix Matrix(string name, int rowCount, int columnCount) => Matrices(columnCount, (name, rowCount));

    /// <inheritdoc/>
    public PackedMatrix Head(string name, int rowCount, int columnCount) =>
        Pack([source.Require(name, rowCount, columnCount)], policy.Head, columnCount, columnOrder: [], isPaired: false);

    /// <inheritdoc/>
    public PackedMatrix Matrices(int columnCount, params ReadOnlySpan<(string Name, int RowCount)> parts)
    {
        var tensors = new TensorView[parts.Length];
        for (int i = 0; i < parts.Length; i++) tensors[i] = source.Require(parts[i].Name, parts[i].RowCount, columnCount);
        return Pack(tensors, policy.Matrices, columnCount, columnOrder: [], isPaired: false);
    }

    /// <inheritdoc/>
    public PackedMatrix Pair(string firstName, string secondName, int rowCount, int columnCount) =>
        Pack([source.Require(firstName, rowCount, columnCount), source.Require(secondName, rowCount, columnCount)], policy.Matrices, columnCount, columnOrder: [], isPaired: true);

    /// <inheritdoc/>
    public PackedMatrix Reordered(string name, ReadOnlySpan<long> shape, int[] columnOrder) =>
        Pack([source.Require(name, shape)], policy.Matrices, columnOrder.Length, columnOrder, isPaired: false);

    /// <inheritdoc/>
    public IReadOnlyList<IDisposable> TakeOwnership()
    {
        IDisposable[] buffers = [.. _owned];
        _owned.Clear();
        return buffers;
    }

    /// <summary>Releases what was packed and not taken.</summary>
    public void Dispose()
    {
        foreach (IDisposable buffer in _owned) buffer.Dispose();
        _owned.Clear();
    }

    private PackedMatrix Pack(TensorView[] tensors, WeightFormat? wanted, int columnCount, int[] columnOrder, bool isPaired)
    {
        long rowCount = 0;
        foreach (TensorView tensor in tensors) rowCount += tensor.Shape[0];
        WeightFormat format = FormatFor(tensors, wanted, columnCount, isReordered: columnOrder.Length > 0);
        var matrix = new PackedMatrix(format, checked((int)rowCount), columnCount, isPaired);
        Own(matrix, rowCount * columnCount, matrix.ByteCount);

        int firstRow = 0;
        foreach (TensorView tensor in tensors)
        {
            // Whole panels of the matrix to an item, since the rows of a panel may share bytes.
            int start = firstRow;
            int count = (int)tensor.Shape[0];
            int skipped = isPaired ? 0 : start % RowsPerItem;
            int itemCount = (skipped + count + RowsPerItem - 1) / RowsPerItem;
            pool.Run(
                new ParallelAction(item => PackRows(matrix, tensor, start, Math.Max(0, (item * RowsPerItem) - skipped), Math.Min(count, ((item + 1) * RowsPerItem) - skipped), columnOrder)),
                itemCount,
                cancellationToken);
            firstRow += count;
        }

        return matrix;
    }

    private static unsafe void PackRows(PackedMatrix matrix, TensorView tensor, int targetRow, int start, int end, int[] columnOrder)
    {
        const int PanelWidth = PackedMatrix.PanelWidth;
        int width = matrix.ColumnCount;
        bool keepsBits = columnOrder.Length == 0 && EncodedRows.FormatOf(tensor.DType) == matrix.Format;
        float[] row = new float[width];
        float[] ordered = new float[columnOrder.Length];
        using LoadedElements loaded = tensor.Load((long)start * width, (long)(end - start) * width);
        TensorView rows = loaded.Tensor;
        for (int i = start; i < end; i++)
        {
            long first = (long)i * width;
            if (keepsBits && tensor.DType == DType.BF16 && i + PanelWidth <= end && EncodedRows.TrySetPanel(matrix, targetRow + i, (ushort*)rows.At(first)))
            {
                rows.RequireFinite(first, (long)PanelWidth * width);
                i += PanelWidth - 1;
                continue;
            }

            if (keepsBits && matrix.Format.IsQuantized())
            {
                rows.RequireFinite(first, width);
                EncodedRows.SetRow(matrix, targetRow + i, rows.At(first));
                continue;
            }

            rows.CopyTo(first, row);
            for (int k = 0; k < ordered.Length; k++) ordered[k] = row[columnOrder[k]];
            matrix.SetRow(targetRow + i, columnOrder.Length == 0 ? row : ordered);
        }
    }

    // Matrices so narrow that a block would be mostly padding are small, and stay plain numbers.
    private WeightFormat FormatFor(TensorView[] tensors, WeightFormat? wanted, int columnCount, bool isReordered)
    {
        if (columnCount < QuantizedRows.BlockColumns) return wanted == WeightFormat.F32 ? WeightFormat.F32 : PlainFormat(tensors);
        bool isStoredQuantized = Array.TrueForAll(tensors, tensor => DTypeInfo.Of(tensor.DType).IsQuantized);
        if (wanted is { } format && !(isStoredQuantized && policy.KeepsQuantized)) return format;
        return isStoredQuantized ? QuantizedFormat(tensors, isReordered) : PlainFormat(tensors);
    }

    // What the tensors are stored as, where one format in memory holds all of them exactly; else 8 bits.
    private static WeightFormat QuantizedFormat(TensorView[] tensors, bool isReordered)
    {
        WeightFormat? exact = EncodedRows.FormatOf(tensors[0].DType);
        bool isUniform = Array.TrueForAll(tensors, tensor => tensor.DType == tensors[0].DType);
        return exact is not null && isUniform && !isReordered ? exact.Value : WeightFormat.Q8;
    }

    private static WeightFormat PlainFormat(TensorView[] tensors) =>
        Array.TrueForAll(tensors, tensor => tensor.DType == DType.BF16) ? WeightFormat.BF16 : WeightFormat.F32;

    private T Own<T>(T buffer, long parameterCount, long byteCount)
        where T : IDisposable
    {
        _owned.Add(buffer);
        ParameterCount += parameterCount;
        ByteCount += byteCount;
        return buffer;
    }
}
