namespace Steno.Comparison;

/// <summary>Adds up the difference of two activations row by row.</summary>
internal sealed class TapSums
{
    private long _rowCount;
    private double _squaresA;
    private double _squaresB;
    private double _products;
    private double _squaresOfDifference;
    private double _worstCosine = double.PositiveInfinity;

    public void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double squaresA = 0;
        double squaresB = 0;
        double products = 0;
        double squaresOfDifference = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i];
            double y = b[i];
            squaresA += x * x;
            squaresB += y * y;
            products += x * y;
            squaresOfDifference += (x - y) * (x - y);
        }

        _rowCount++;
        _squaresA += squaresA;
        _squaresB += squaresB;
        _products += products;
        _squaresOfDifference += squaresOfDifference;
        _worstCosine = Math.Min(_worstCosine, Cosine(products, squaresA, squaresB));
    }

    public TapDifference ToDifference(string name) =>
        new(name, _rowCount, Ratio(_squaresOfDifference, _squaresA), Cosine(_products, _squaresA, _squaresB), _worstCosine);

    // Of two vectors that are zero the direction is the same.
    private static double Cosine(double products, double squaresA, double squaresB) =>
        squaresA == 0 && squaresB == 0 ? 1 : squaresA == 0 || squaresB == 0 ? 0 : Math.Min(1, products / Math.Sqrt(squaresA * squaresB));

    private static double Ratio(double squares, double ofSquares) => squares == 0 ? 0 : Math.Sqrt(squares / ofSquares);
}
