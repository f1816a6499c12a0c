namespace Steno.Benchmarks.Growing;

/// <summary>A tensor of the small model, tiled over the larger shape: every feature becomes several equal ones.</summary>
/// <remarks>
/// Element (i, j) comes from element (i mod rows, j mod columns) of the source. Whole attention heads, and whole convolution channels
/// with all that a flattened row holds for them, are repeated by the same rule, because the source's period is a multiple of theirs.
/// <para>
/// The columns of a matrix are inputs, and <see cref="ColumnSplit"/> shares each weight out over the copies of its input. The shares
/// rotate with row and column, so that blocks of neighbouring weights have no common factor: quantisation must not see a pattern.
/// </para>
/// </remarks>
internal sealed class RepeatedTensor : TensorRecipe
{
    private readonly float[] _source;
    private readonly int _sourceRows;
    private readonly int _sourceColumns;
    private readonly float[] _shares;

    /// <summary>Describes a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="source">Elements of the small tensor.</param>
    /// <param name="sourceShape">Its shape.</param>
    /// <param name="shape">The shape to grow to; the first dimension and the product of the others are multiples of the source's.</param>
    /// <exception cref="BenchmarkException">A dimension is no multiple of the source's.</exception>
    public RepeatedTensor(string name, float[] source, int[] sourceShape, params int[] shape)
        : base(name, shape)
    {
        bool isVector = shape.Length == 1;
        _source = source;
        _sourceRows = isVector ? 1 : sourceShape[0];
        _sourceColumns = source.Length / _sourceRows;
        if (sourceShape.Length != shape.Length || RowCount % _sourceRows != 0 || RowLength % _sourceColumns != 0)
            throw new BenchmarkException($"{name}: [{string.Join(", ", sourceShape)}] cannot be repeated to [{string.Join(", ", shape)}]: each dimension must be a multiple.");
        _shares = isVector ? [1f] : ColumnSplit.Shares(RowLength / _sourceColumns);
    }

    public override void FillRow(int row, Span<float> destination)
    {
        ReadOnlySpan<float> source = _source.AsSpan(row % _sourceRows * _sourceColumns, _sourceColumns);
        int copy = 0;
        for (int first = 0; first < destination.Length; first += source.Length, copy++)
        {
            Span<float> target = destination.Slice(first, source.Length);
            int share = (copy + row) % _shares.Length;
            for (int column = 0; column < source.Length; column++)
            {
                target[column] = source[column] * _shares[share];
                if (++share == _shares.Length) share = 0;
            }
        }
    }
}
