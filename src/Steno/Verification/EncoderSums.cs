namespace Steno.Verification;

/// <summary>A few numbers that stand for a whole matrix of activations.</summary>
/// <param name="RowCount">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Sum">Sum of all values.</param>
/// <param name="SumOfSquares">Sum of the squares.</param>
/// <param name="MaxAbsolute">Largest magnitude.</param>
/// <param name="First">The first four values.</param>
internal sealed record EncoderSums(int RowCount, int Width, double Sum, double SumOfSquares, double MaxAbsolute, float[] First)
{
    public const int FirstCount = 4;

    public static EncoderSums Of(ReadOnlySpan<float> values, int rowCount, int width)
    {
        double sum = 0;
        double sumOfSquares = 0;
        double largest = 0;
        foreach (float value in values)
        {
            sum += value;
            sumOfSquares += (double)value * value;
            largest = Math.Max(largest, Math.Abs(value));
        }

        return new EncoderSums(rowCount, width, sum, sumOfSquares, largest, values[..Math.Min(FirstCount, values.Length)].ToArray());
    }
}
