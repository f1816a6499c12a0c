using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Model;

/// <summary>Makes the weights of a model, one after the other, in the layouts that the kernels read.</summary>
internal interface IWeightBuilder
{
    /// <summary>Weights made so far.</summary>
    long ParameterCount { get; }

    /// <summary>Bytes that they occupy.</summary>
    long ByteCount { get; }

    /// <summary>How many weights the files store in each way, and what each of these is held in.</summary>
    IReadOnlyDictionary<(string StoredAs, WeightFormat Format), long> Stored { get; }

    /// <summary>A vector, such as a bias or the weight of a norm.</summary>
    /// <exception cref="ModelFormatException">The tensor is missing, has another shape, or holds a value that is not finite.</exception>
    AlignedBuffer<float> Vector(string name, int length);

    /// <summary>Several vectors as one, in order.</summary>
    AlignedBuffer<float> Vectors(params ReadOnlySpan<(string Name, int Length)> parts);

    /// <summary>A matrix [rowCount, columnCount].</summary>
    /// <exception cref="ModelFormatException">The tensor is missing, has another shape, or holds a value that is not finite.</exception>
    PackedMatrix Matrix(string name, int rowCount, int columnCount);

    /// <summary>The output head, or the embedding table that serves as one.</summary>
    PackedMatrix Head(string name, int rowCount, int columnCount);

    /// <summary>Several matrices of equal width as one, their rows in order.</summary>
    PackedMatrix Matrices(int columnCount, params ReadOnlySpan<(string Name, int RowCount)> parts);

    /// <summary>Two matrices of equal shape as one whose panels alternate between them.</summary>
    PackedMatrix Pair(string firstName, string secondName, int rowCount, int columnCount);

    /// <summary>A matrix whose columns are taken in another order.</summary>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="shape">Its shape; the first dimension counts the rows, the product of the others the columns.</param>
    /// <param name="columnOrder">Column k of the packed matrix is the tensor's column columnOrder[k].</param>
    PackedMatrix Reordered(string name, ReadOnlySpan<long> shape, int[] columnOrder);

    /// <summary>Hands over the memory of all that was made; the caller disposes it.</summary>
    IReadOnlyList<IDisposable> TakeOwnership();
}
