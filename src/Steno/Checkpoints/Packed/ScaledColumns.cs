using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>A matrix whose input was smoothed: column i times a factor of its own, as its quantiser left it to be done.</summary>
/// <param name="matrix">The matrix, or some loaded rows of it.</param>
/// <param name="factors">One for each column.</param>
internal sealed class ScaledColumns(LoadedElements matrix, float[] factors) : DerivedTensor(factors.Length)
{
    /// <inheritdoc/>
    public override string StoredAs => matrix.Tensor.StoredAs + ", columns scaled";

    /// <inheritdoc/>
    public override bool IsQuantized => matrix.Tensor.IsQuantized;

    /// <inheritdoc/>
    public override DType LosslessType => DType.F32;

    /// <inheritdoc/>
    public override DerivedTensor Load(long firstRow, long rowCount) => new ScaledColumns(matrix.Tensor.Load(firstRow * ColumnCount, rowCount * ColumnCount), factors);

    /// <inheritdoc/>
    public override void ReadRow(long row, Span<float> values)
    {
        matrix.Tensor.CopyTo(row * ColumnCount, values);
        for (int i = 0; i < values.Length; i++) values[i] *= factors[i];
    }

    /// <inheritdoc/>
    public override void Dispose() => matrix.Dispose();
}
