using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>A matrix whose input was smoothed: column i times a factor of its own, as its quantiser left it to be done.</summary>
/// <param name="matrix">The matrix.</param>
/// <param name="factors">One for each column.</param>
internal sealed class ScaledColumns(TensorView matrix, float[] factors) : DerivedTensor(factors.Length)
{
    /// <inheritdoc/>
    public override string StoredAs => matrix.StoredAs + ", columns scaled";

    /// <inheritdoc/>
    public override bool IsQuantized => matrix.IsQuantized;

    /// <inheritdoc/>
    public override DType LosslessType => DType.F32;

    /// <inheritdoc/>
    public override void ReadRow(long row, Span<float> values)
    {
        matrix.CopyTo(row * ColumnCount, values);
        for (int i = 0; i < values.Length; i++) values[i] *= factors[i];
    }

    /// <inheritdoc/>
    public override void Release() => Formats.MappedFile.Release(matrix);
}
