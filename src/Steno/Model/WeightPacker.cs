using Steno.Kernels;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Brings the tensors of a checkpoint into the layouts that the kernels read, on all threads.</summary>
internal sealed class WeightPacker(IWeightSource source, WeightPrecision precision, WorkerPool pool, CancellationToken cancellationToken) : IDisposable
{
    private const int RowsPerItem = 64;

    private readonly List<IDisposable> _owned = [];

    /// <summary>Weights packed so far.</summary>
    public long ParameterCount { get; private set; }

    /// <summary>Bytes that they occupy.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Reads a vector, such as a bias or the weight of a norm.</summary>
    /// <exception cref="ModelFormatException">The tensor is missing, has another shape, or holds a value that is not finite.</exception>
    public AlignedBuffer<float> Vector(string name, int length)
    {
        AlignedBuffer<float> vector = source.Require(name, length).ReadFloats();
        return Own(vector, length, vector.ByteCount);
    }

    /// <summary>Reads several vectors into one, in order.</summary>
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

    /// <summary>Packs a matrix [rowCount, columnCount].</summary>
    /// <exception cref="ModelFormatException">The tensor is missing, has another shape, or holds a value that is not finite.</exception>
    public PackedMatrix Matrix(string name, int rowCount, int columnCount) => Matrices(columnCount, (name, rowCount));

    /// <summary>Packs several matrices of equal width as one, their rows in order.</summary>
    public PackedMatrix Matrices(int columnCount, params ReadOnlySpan<(string Name, int RowCount)> parts)
    {
        var tensors = new TensorView[parts.Length];
        for (int i = 0; i < parts.Length; i++) tensors[i] = source.Require(parts[i].Name, parts[i].RowCount, columnCount);
        return Pack(tensors, columnCount, columnOrder: [], isPaired: false);
    }

    /// <summary>Packs two matrices of equal shape as one whose panels alternate between them.</summary>
    public PackedMatrix Pair(string firstName, string secondName, int rowCount, int columnCount) =>
        Pack([source.Require(firstName, rowCount, columnCount), source.Require(secondName, rowCount, columnCount)], columnCount, columnOrder: [], isPaired: true);

    /// <summary>Packs a matrix whose columns are taken in another order.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="shape">Its shape; the first dimension counts the rows, the product of the others the columns.</param>
    /// <param name="columnOrder">Column k of the packed matrix is the tensor's column columnOrder[k].</param>
    public PackedMatrix Reordered(string name, ReadOnlySpan<long> shape, int[] columnOrder) =>
        Pack([source.Require(name, shape)], columnOrder.Length, columnOrder, isPaired: false);

    /// <summary>Hands over all that was packed; the caller disposes it.</summary>
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

    private PackedMatrix Pack(TensorView[] tensors, int columnCount, int[] columnOrder, bool isPaired)
    {
        long rowCount = 0;
        foreach (TensorView tensor in tensors) rowCount += tensor.Shape[0];
        var matrix = new PackedMatrix(FormatFor(tensors[0].DType), checked((int)rowCount), columnCount, isPaired);
        Own(matrix, rowCount * columnCount, matrix.ByteCount);

        int firstRow = 0;
        foreach (TensorView tensor in tensors)
        {
            int start = firstRow;
            int count = (int)tensor.Shape[0];
            pool.Run(new ParallelAction(item => PackRows(matrix, tensor, start, item * RowsPerItem, Math.Min(count, (item + 1) * RowsPerItem), columnOrder)), (count + RowsPerItem - 1) / RowsPerItem, cancellationToken);
            source.Release(tensor);
            firstRow += count;
        }

        return matrix;
    }

    private static void PackRows(PackedMatrix matrix, TensorView tensor, int targetRow, int start, int end, int[] columnOrder)
    {
        float[] row = new float[matrix.ColumnCount];
        for (int i = start; i < end;)
        {
            if (tensor.DType == DType.BF16 && columnOrder.Length == 0 && i + PackedMatrix.PanelWidth <= end && TryPackPanel(matrix, tensor, targetRow + i, i))
            {
                i += PackedMatrix.PanelWidth;
                continue;
            }

            tensor.CopyTo((long)i * matrix.ColumnCount, row);
            matrix.SetRow(targetRow + i, row, columnOrder);
            i++;
        }
    }

    private static unsafe bool TryPackPanel(PackedMatrix matrix, TensorView tensor, int targetRow, int sourceRow)
    {
        long first = (long)sourceRow * matrix.ColumnCount;
        if (!matrix.TrySetPanel(targetRow, (ushort*)tensor.Data + first)) return false;
        tensor.RequireFinite(first, (long)PackedMatrix.PanelWidth * matrix.ColumnCount);
        return true;
    }

    private WeightFormat FormatFor(DType stored) => precision switch
    {
        WeightPrecision.Float32 => WeightFormat.F32,
        WeightPrecision.BFloat16 => WeightFormat.BF16,
        _ => stored == DType.BF16 ? WeightFormat.BF16 : WeightFormat.F32,
    };

    private T Own<T>(T buffer, long parameterCount, long byteCount)
        where T : IDisposable
    {
        _owned.Add(buffer);
        ParameterCount += parameterCount;
        ByteCount += byteCount;
        return buffer;
    }
}
