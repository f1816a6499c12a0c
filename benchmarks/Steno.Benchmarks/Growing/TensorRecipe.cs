namespace Steno.Benchmarks.Growing;

/// <summary>A tensor that is computed row by row as it is written. A vector is one row.</summary>
internal abstract class TensorRecipe
{
    protected TensorRecipe(string name, params int[] shape)
    {
        Name = name;
        Shape = shape;
        RowCount = shape.Length == 1 ? 1 : shape[0];
        RowLength = 1;
        foreach (int dimension in shape.Length == 1 ? shape : shape[1..]) RowLength = checked(RowLength * dimension);
    }

    public string Name { get; }

    /// <summary>Dimensions, outermost first.</summary>
    public int[] Shape { get; }

    public int RowCount { get; }

    public int RowLength { get; }

    public long ElementCount => (long)RowCount * RowLength;

    /// <summary>Computes one row.</summary>
    /// <param name="row">Index of the row.</param>
    /// <param name="destination">[RowLength].</param>
    public abstract void FillRow(int row, Span<float> destination);
}
