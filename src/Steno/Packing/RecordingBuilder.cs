using Steno.Kernels;
using Steno.Model;
using Steno.Tensors;

namespace Steno.Packing;

/// <summary>Takes note of what another builder makes.</summary>
/// <param name="inner">The other one.</param>
/// <param name="made">Receives what it makes, in order.</param>
internal sealed class RecordingBuilder(IWeightBuilder inner, List<BuiltWeights> made) : IWeightBuilder
{
    /// <inheritdoc/>
    public long ParameterCount => inner.ParameterCount;

    /// <inheritdoc/>
    public long ByteCount => inner.ByteCount;

    /// <inheritdoc/>
    public IReadOnlyDictionary<(string StoredAs, WeightFormat Format), long> Stored => inner.Stored;

    /// <inheritdoc/>
    public AlignedBuffer<float> Vector(string name, int length) => Note(name, inner.Vector(name, length));

    /// <inheritdoc/>
    public AlignedBuffer<float> Vectors(params ReadOnlySpan<(string Name, int Length)> parts) => Note(parts.Joined(), inner.Vectors(parts));

    /// <inheritdoc/>
    public PackedMatrix Matrix(string name, int rowCount, int columnCount) => Note(name, inner.Matrix(name, rowCount, columnCount));

    /// <inheritdoc/>
    public PackedMatrix Head(string name, int rowCount, int columnCount) => Note(name, inner.Head(name, rowCount, columnCount));

    /// <inheritdoc/>
    public PackedMatrix Matrices(int columnCount, params ReadOnlySpan<(string Name, int RowCount)> parts) => Note(parts.Joined(), inner.Matrices(columnCount, parts));

    /// <inheritdoc/>
    public PackedMatrix Pair(string firstName, string secondName, int rowCount, int columnCount)
    {
        ReadOnlySpan<(string Name, int RowCount)> parts = [(firstName, rowCount), (secondName, rowCount)];
        return Note(parts.Joined(), inner.Pair(firstName, secondName, rowCount, columnCount));
    }

    /// <inheritdoc/>
    public PackedMatrix Reordered(string name, ReadOnlySpan<long> shape, int[] columnOrder) => Note(name, inner.Reordered(name, shape, columnOrder));

    /// <inheritdoc/>
    public IReadOnlyList<IDisposable> TakeOwnership() => inner.TakeOwnership();

    private AlignedBuffer<float> Note(string name, AlignedBuffer<float> vector)
    {
        made.Add(new BuiltWeights(name, null, vector));
        return vector;
    }

    private PackedMatrix Note(string name, PackedMatrix matrix)
    {
        made.Add(new BuiltWeights(name, matrix, null));
        return matrix;
    }
}
