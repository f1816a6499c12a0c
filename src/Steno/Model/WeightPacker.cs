using Steno.Kernels;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Brings the tensors of a checkpoint into the layouts that the kernels read, on all threads.</summary>
internal sealed class WeightPacker(IWeightSource source, WeightPolicy policy, WorkerPool pool, CancellationToken cancellationToken) : IDisposable
{
    private const int RowsPerItem = 64;

    private readonly List<IDisposable> _owned = [];
    private readonly Dictionary<(string StoredAs, WeightFormat Format), long> _stored = [];

    /// <summary>Weights packed so far.</summary>
    public long ParameterCount { get; private set; }

    /// <summary>Bytes that they occupy.</summary>
    public long ByteCount { get; private set; }

    /// <summary>How many weights the files store in each way, and what each of these is held in.</summary>
    public IReadOnlyDictionary<(string StoredAs, WeightFormat Format), long> Stored => _stored;

    /// <summary>Reads a vector, such as a bias or the weight of a norm.</summary>
    /// <exception cref="ModelFormatException">The tensor is missing, has another shape, or holds a value that is not finite.</exception>
    public AlignedBuffer<float> Vector(string name, int length)
    {
        TensorView tensor = source.Require(name, length);
        AlignedBuffer<float> vector = tensor.ReadFloats();
        Note(tensor, WeightFormat.F32);
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
            TensorView tensor = source.Require(name, length);
            tensor.CopyTo(vector.Span.Slice(start, length));
            Note(tensor, WeightFormat.F32);
            start += length;
        }

        return vector;
    }

    /// <summary>Packs a matrix [rowCount, columnCount].</summary>
    /// <exception cref="ModelFormatException">The tensor is missing, has another shape, or holds a value that is not finite.</exception>
    public PackedMatrix Matrix(string name, int rowCount, int columnCount) => Matrices(columnCount, (name, rowCount));

    /// <summary>Packs the output head, or the embedding table that serves as one.</summary>
    public PackedMatrix Head(string name, int rowCount, int columnCount) =>
        Pack([source.Require(name, rowCount, columnCount)], policy.Head, columnCount, columnOrder: [], isPaired: false);

    /// <summary>Packs several matrices of equal width as one, their rows in order.</summary>
    public PackedMatrix Matrices(int columnCount, params ReadOnlySpan<(string Name, int RowCount)> parts)
    {
        var tensors = new TensorView[parts.Length];
        for (int i = 0; i < parts.Length; i++) tensors[i] = source.Require(parts[i].Name, parts[i].RowCount, columnCount);
        return Pack(tensors, policy.Matrices, columnCount, columnOrder: [], isPaired: false);
    }

    /// <summary>Packs two matrices of equal shape as one whose panels alternate between them.</summary>
    public PackedMatrix Pair(string firstName, string secondName, int rowCount, int columnCount) =>
        Pack([source.Require(firstName, rowCount, columnCount), source.Require(secondName, rowCount, columnCount)], policy.Matrices, columnCount, columnOrder: [], isPaired: true);

    /// <summary>Packs a matrix whose columns are taken in another order.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="shape">Its shape; the first dimension counts the rows, the product of the others the columns.</param>
    /// <param name="columnOrder">Column k of the packed matrix is the tensor's column columnOrder[k].</param>
    public PackedMatrix Reordered(string name, ReadOnlySpan<long> shape, int[] columnOrder) =>
        Pack([source.Require(name, shape)], policy.Matrices, columnOrder.Length, columnOrder, isPaired: false);

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
            var rows = new RowPacker(matrix, tensor, start, columnOrder);
            pool.Run(
                new ParallelAction(item => rows.Pack(Math.Max(0, (item * RowsPerItem) - skipped), Math.Min(count, ((item + 1) * RowsPerItem) - skipped))),
                itemCount,
                cancellationToken);
            Note(tensor, format);
            firstRow += count;
        }

        return matrix;
    }

    // Matrices so narrow that a block would be mostly padding are small, and stay plain numbers.
    private WeightFormat FormatFor(TensorView[] tensors, WeightFormat? wanted, int columnCount, bool isReordered)
    {
        if (columnCount < QuantizedRows.BlockColumns) return wanted == WeightFormat.F32 ? WeightFormat.F32 : PlainFormat(tensors);
        bool isStoredQuantized = Array.TrueForAll(tensors, tensor => tensor.IsQuantized);
        if (wanted is { } format && !(isStoredQuantized && policy.KeepsQuantized)) return format;
        return isStoredQuantized ? QuantizedFormat(tensors, isReordered) : PlainFormat(tensors);
    }

    // What the tensors are stored as, where one format in memory holds all of them exactly; else 8 bits for blocks of GGML, and BF16 for other codes.
    private static WeightFormat QuantizedFormat(TensorView[] tensors, bool isReordered)
    {
        WeightFormat otherwise = Array.Exists(tensors, tensor => tensor.Derived is not null) ? WeightFormat.BF16 : WeightFormat.Q8;
        WeightFormat?[] exact = Array.ConvertAll(tensors, tensor => isReordered ? null : EncodedRows.FormatOf(tensor));
        if (Array.TrueForAll(exact, format => format >= WeightFormat.Affine4)) return exact.Max()!.Value;
        return exact[0] is { } first && Array.TrueForAll(exact, format => format == first) ? first : otherwise;
    }

    private static WeightFormat PlainFormat(TensorView[] tensors) =>
        Array.TrueForAll(tensors, tensor => tensor.DType == DType.BF16) ? WeightFormat.BF16 : WeightFormat.F32;

    private void Note(in TensorView tensor, WeightFormat format)
    {
        (string, WeightFormat) key = (tensor.StoredAs, format);
        _stored[key] = _stored.GetValueOrDefault(key) + tensor.ElementCount;
    }

    private T Own<T>(T buffer, long parameterCount, long byteCount)
        where T : IDisposable
    {
        _owned.Add(buffer);
        ParameterCount += parameterCount;
        ByteCount += byteCount;
        return buffer;
    }
}
