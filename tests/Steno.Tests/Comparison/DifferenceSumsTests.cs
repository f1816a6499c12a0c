using Steno.Comparison;

namespace Steno.Tests.Comparison;

public sealed class DifferenceSumsTests
{
    [Fact]
    public void Errors_and_cosines_are_over_all_rows_and_the_worst_row_counts_alone()
    {
        var sums = new TapSums();
        sums.Add([3, 0], [3, 4]);
        sums.Add([0, 5], [0, 5]);

        TapDifference difference = sums.ToDifference("x");

        Assert.Equal(2, difference.RowCount);
        Assert.Equal(Math.Sqrt(16.0 / 34), difference.RelativeError, 12);
        Assert.Equal(34 / Math.Sqrt(34.0 * 50), difference.Cosine, 12);
        Assert.Equal(0.6, difference.WorstRowCosine, 12);
    }

    [Fact]
    public void What_is_zero_in_both_is_equal()
    {
        var sums = new TapSums();
        sums.Add([0, 0], [0, 0]);

        Assert.Equal(new TapDifference("x", 1, 0, 1, 1), sums.ToDifference("x"));
    }

    // Softmax of (ln 1, ln 3) is (1/4, 3/4), of (ln 3, ln 1) the reverse; ln 1000 is added to both, which changes nothing.
    [Fact]
    public void Predictions_are_compared_as_probabilities()
    {
        var sums = new LogitSums();
        float[] a = [MathF.Log(1000), MathF.Log(3000)];
        sums.Add(a, a);
        sums.Add(a, [MathF.Log(3), MathF.Log(1)]);

        LogitDifference difference = sums.ToDifference();

        double divergence = (0.25 * Math.Log(1.0 / 3)) + (0.75 * Math.Log(3));
        Assert.Equal((2, 1), (difference.RowCount, difference.SameChoiceCount));
        Assert.Equal(divergence, difference.MaxDivergence, 6);
        Assert.Equal(divergence / 2, difference.MeanDivergence, 6);
    }
}
