using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Checkpoints.Adapters;

/// <summary>A matrix of a model plus the product of an adapter, in F32.</summary>
internal sealed class AdaptedMatrix : DerivedTensor
{
    private readonly LoadedElements _matrix;
    private readonly LoadedElements _b;
    private readonly Lazy<float[]> _a;
    private readonly float _scale;
    private readonly int _rank;

    /// <summary>Describes the sum.</summary>
    /// <param name="matrix">W [out, in].</param>
    /// <param name="a">A [rank, in].</param>
    /// <param name="b">B [out, rank].</param>
    /// <param name="scale">What the product is multiplied by.</param>
    /// <param name="roundedTo">The number format that sums are rounded to where they are held or written as they are.</param>
    public AdaptedMatrix(TensorView matrix, TensorView a, TensorView b, float scale, DType roundedTo)
        : base(matrix.Shape[1])
    {
        _matrix = new LoadedElements(matrix);
        _b = new LoadedElements(b);
        _scale = scale;
        _rank = (int)a.Shape[0];
        LosslessType = roundedTo;

        // Every row needs all of A: it is made numbers once, by the thread that comes first.
        _a = new Lazy<float[]>(() =>
        {
            float[] values = new float[a.ElementCount];
            a.CopyTo(values);
            return values;
        });
    }

    private AdaptedMatrix(AdaptedMatrix whole, LoadedElements matrix, LoadedElements b)
        : base(whole.ColumnCount)
    {
        _matrix = matrix;
        _b = b;
        _a = whole._a;
        _scale = whole._scale;
        _rank = whole._rank;
        LosslessType = whole.LosslessType;
    }

    /// <inheritdoc/>
    public override string StoredAs => _matrix.Tensor.StoredAs + " with adapter";

    /// <inheritdoc/>
    public override bool IsQuantized => false;

    /// <inheritdoc/>
    public override DType LosslessType { get; }

    /// <inheritdoc/>
    public override DerivedTensor Load(long firstRow, long rowCount) =>
        new AdaptedMatrix(this, _matrix.Tensor.Load(firstRow * ColumnCount, rowCount * ColumnCount), _b.Tensor.Load(firstRow * _rank, rowCount * _rank));

    /// <inheritdoc/>
    public override void ReadRow(long row, Span<float> values)
    {
        float[] a = _a.Value;
        float[] rented = ArrayPool<float>.Shared.Rent(_rank + ColumnCount);
        Span<float> b = rented.AsSpan(0, _rank);
        Span<float> product = rented.AsSpan(_rank, ColumnCount);
        _matrix.Tensor.CopyTo(row * ColumnCount, values);
        _b.Tensor.CopyTo(row * _rank, b);
        product.Clear();
        for (int i = 0; i < _rank; i++) AddScaled(a.AsSpan(i * ColumnCount, ColumnCount), b[i], product);
        AddScaled(product, _scale, values);
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _matrix.Dispose();
        _b.Dispose();
    }

    private static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        ref float from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(target);
        int i = 0;
        for (; i <= source.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            (Vector256.LoadUnsafe(ref to, (nuint)i) + (Vector256.Create(factor) * Vector256.LoadUnsafe(ref from, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        for (; i < source.Length; i++) target[i] += factor * source[i];
    }
}
