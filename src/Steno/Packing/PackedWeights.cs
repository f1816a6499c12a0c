using Steno.Formats;
using Steno.Kernels;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Packing;

/// <summary>The weights of a packed file, in the order in which a model asks for them. Matrices stay where they are; vectors are copied.</summary>
/// <param name="cursor">Where in the file's list it is; tower and language model go through it one after the other.</param>
/// <param name="policy">Number formats that are asked for.</param>
/// <param name="memory">The file, if it goes with these weights; null where it goes with others.</param>
internal sealed unsafe class PackedWeights(PackedCursor cursor, WeightPolicy policy, IDisposable? memory) : IWeightBuilder, IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly Dictionary<(string StoredAs, WeightFormat Format), long> _stored = [];
    private bool _isTaken;

    /// <inheritdoc/>
    public long ParameterCount { get; private set; }

    /// <inheritdoc/>
    public long ByteCount { get; private set; }

    /// <summary>A packed file stores what is held.</summary>
    public IReadOnlyDictionary<(string StoredAs, WeightFormat Format), long> Stored => _stored;

    /// <inheritdoc/>
    public AlignedBuffer<float> Vector(string name, int length) => Vectors((name, length));

    /// <inheritdoc/>
    public AlignedBuffer<float> Vectors(params ReadOnlySpan<(string Name, int Length)> parts)
    {
        int length = parts.Total();
        PackedEntry entry = Next(parts.Joined(), format: null, length, columnCount: 1, isPaired: false);
        var vector = new AlignedBuffer<float>(length, isZeroed: false);
        _owned.Add(vector);
        new ReadOnlySpan<float>(cursor.BytesOf(entry), length).CopyTo(vector.Span);
        foreach (float value in vector.Span)
        {
            if (!float.IsFinite(value)) throw cursor.Fault($"a value of {MessageText.Excerpt(entry.Name)} is not finite");
        }

        return vector;
    }

    /// <inheritdoc/>
    public PackedMatrix Matrix(string name, int rowCount, int columnCount) => Matrices(columnCount, (name, rowCount));

    /// <inheritdoc/>
    public PackedMatrix Head(string name, int rowCount, int columnCount) => Over(name, policy.Head, rowCount, columnCount, isPaired: false);

    /// <inheritdoc/>
    public PackedMatrix Matrices(int columnCount, params ReadOnlySpan<(string Name, int RowCount)> parts) =>
        Over(parts.Joined(), policy.Matrices, parts.Total(), columnCount, isPaired: false);

    /// <inheritdoc/>
    public PackedMatrix Pair(string firstName, string secondName, int rowCount, int columnCount)
    {
        ReadOnlySpan<(string Name, int RowCount)> parts = [(firstName, rowCount), (secondName, rowCount)];
        return Over(parts.Joined(), policy.Matrices, parts.Total(), columnCount, isPaired: true);
    }

    /// <inheritdoc/>
    public PackedMatrix Reordered(string name, ReadOnlySpan<long> shape, int[] columnOrder) =>
        Over(name, policy.Matrices, checked((int)shape[0]), columnOrder.Length, isPaired: false);

    /// <inheritdoc/>
    public IReadOnlyList<IDisposable> TakeOwnership()
    {
        _isTaken = true;
        return memory is null ? _owned : [.. _owned, memory];
    }

    /// <summary>Releases what was not taken.</summary>
    public void Dispose()
    {
        if (_isTaken) return;
        foreach (IDisposable vector in _owned) vector.Dispose();
        memory?.Dispose();
    }

    private PackedMatrix Over(string name, WeightFormat? wanted, int rowCount, int columnCount, bool isPaired)
    {
        PackedEntry entry = Next(name, cursor.NextFormat, rowCount, columnCount, isPaired);
        if (entry.Format is not { } format || !IsPossible(format, wanted, columnCount)) throw cursor.Fault("the number format of " + MessageText.Excerpt(entry.Name) + " is not the one that is asked for");
        return PackedMatrix.Over(format, rowCount, columnCount, isPaired, cursor.BytesOf(entry));
    }

    // What is stored decides where nothing else is asked for, and for matrices that are too narrow for blocks.
    private bool IsPossible(WeightFormat format, WeightFormat? wanted, int columnCount) =>
        wanted is null || policy.KeepsQuantized || format == wanted || (columnCount < QuantizedRows.BlockColumns && !format.IsQuantized());

    private PackedEntry Next(string name, WeightFormat? format, int rowCount, int columnCount, bool isPaired)
    {
        PackedEntry entry = cursor.Next(name, format, rowCount, columnCount, isPaired);
        ParameterCount += (long)rowCount * columnCount;
        ByteCount += entry.ByteCount;
        WeightFormat held = entry.Format ?? WeightFormat.F32;
        (string, WeightFormat) key = (held.ToString(), held);
        _stored[key] = _stored.GetValueOrDefault(key) + ((long)rowCount * columnCount);
        return entry;
    }
}
