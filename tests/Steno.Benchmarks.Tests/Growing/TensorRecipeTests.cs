using Steno.Benchmarks.Growing;

namespace Steno.Benchmarks.Tests.Growing;

public sealed class TensorRecipeTests
{
    [Theory]
    [InlineData(3, 4, 2, 2)]
    [InlineData(5, 3, 1, 7)]
    [InlineData(2, 6, 10, 10)]
    [InlineData(4, 5, 3, 1)]
    public void A_repeated_matrix_maps_repeated_inputs_to_repeated_outputs(int rows, int columns, int rowCopies, int columnCopies)
    {
        var random = new Random(17);
        float[] source = Integers(random, rows * columns);
        float[] input = Integers(random, columns);
        var tensor = new RepeatedTensor("w", source, [rows, columns], rows * rowCopies, columns * columnCopies);

        for (int row = 0; row < tensor.RowCount; row++)
        {
            float[] weights = Row(tensor, row);
            double actual = weights.Select((weight, column) => (double)weight * input[column % columns]).Sum();
            double expected = input.Select((value, column) => (double)value * source[(row % rows * columns) + column]).Sum();
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Weights_of_a_repeated_matrix_are_weights_of_the_source_divided_by_powers_of_two()
    {
        float[] source = [3, 5];
        float[] weights = Row(new RepeatedTensor("w", source, [1, 2], 1, 14), 0);

        Assert.All(weights, (weight, column) => Assert.Contains(weight, new[] { source[column % 2] / 4, source[column % 2] / 8 }));
        Assert.Equal(2, weights.Count(weight => weight is 3 / 4f or 5 / 4f));
    }

    [Fact]
    public void A_vector_is_repeated_unchanged() =>
        Assert.Equal([1, 2, 3, 1, 2, 3, 1, 2, 3], Row(new RepeatedTensor("v", [1, 2, 3], [3], 9), 0));

    [Fact]
    public void A_convolution_keeps_its_kernel_for_each_pair_of_channels()
    {
        // [out, in, frequency, time]: the value says where it comes from.
        float[] source = new float[2 * 2 * 9];
        for (int i = 0; i < source.Length; i++) source[i] = (1000 * (i / 18)) + (100 * (i / 9 % 2)) + (i % 9);
        var tensor = new RepeatedTensor("conv", source, [2, 2, 3, 3], 4, 4, 3, 3);

        for (int output = 0; output < 4; output++)
        {
            float[] row = Row(tensor, output);
            Assert.Equal(4 * 9, row.Length);
            for (int i = 0; i < row.Length; i++)
                Assert.Equal(((1000 * (output % 2)) + (100 * (i / 9 % 2)) + (i % 9)) / 2f, row[i]);
        }
    }

    [Fact]
    public void A_dimension_that_is_no_multiple_is_refused()
    {
        var fault = Assert.Throws<BenchmarkException>(() => new RepeatedTensor("w", new float[12], [3, 4], 6, 10));
        Assert.Contains("w: [3, 4] cannot be repeated to [6, 10]", fault.Message, StringComparison.Ordinal);
        Assert.Throws<BenchmarkException>(() => new RepeatedTensor("w", new float[12], [3, 4], 7, 8));
        Assert.Throws<BenchmarkException>(() => new RepeatedTensor("w", new float[12], [12], 6, 8));
    }

    [Fact]
    public void Tokens_that_the_small_model_lacks_have_zero_rows()
    {
        var tensor = new EmbeddingTensor("e", [1, 2, 3, 4], sourceWidth: 2, sourceRowOfToken: [1, -1, 0], width: 4);

        Assert.Equal([3, 4], tensor.Shape);
        Assert.Equal([3, 4, 3, 4], Row(tensor, 0));
        Assert.Equal([0, 0, 0, 0], Row(tensor, 1));
        Assert.Equal([1, 2, 1, 2], Row(tensor, 2));
    }

    [Fact]
    public void Random_weights_have_the_deviation_of_a_fresh_model_and_depend_on_seed_name_and_row_only()
    {
        const int Length = 100_001;
        var tensor = new RandomTensor("a", seed: 1, 2, Length);
        float[] first = Row(tensor, 0);
        float[] second = Row(tensor, 1);

        Assert.InRange(first.Average(), -3e-4f, 3e-4f);
        Assert.InRange(Math.Sqrt(first.Average(value => (double)value * value)), 0.0198, 0.0202);
        Assert.Equal(first, Row(tensor, 0));
        Assert.InRange(Correlation(first, second), -0.02, 0.02);
        Assert.InRange(Correlation(first, Row(new RandomTensor("b", seed: 1, 2, Length), 0)), -0.02, 0.02);
        Assert.InRange(Correlation(first, Row(new RandomTensor("a", seed: 2, 2, Length), 0)), -0.02, 0.02);
        Assert.InRange(Correlation(first[..^1], first[1..]), -0.02, 0.02);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    [InlineData(18, 4)]
    [InlineData(24, 4)]
    [InlineData(28, 4)]
    [InlineData(7, 1)]
    public void Layers_of_the_source_keep_their_order_and_include_the_first_and_the_last(int layerCount, int sourceLayerCount)
    {
        int[] sources = [.. Enumerable.Range(0, layerCount).Select(layer => TensorPlan.SourceLayer(layer, layerCount, sourceLayerCount))];

        Assert.Equal(Enumerable.Range(0, sourceLayerCount), sources.Where(layer => layer >= 0));
        Assert.Equal(0, sources[0]);
        if (sourceLayerCount > 1) Assert.Equal(sourceLayerCount - 1, sources[^1]);
    }

    private static float[] Row(TensorRecipe tensor, int row)
    {
        float[] values = new float[tensor.RowLength];
        values.AsSpan().Fill(float.NaN);
        tensor.FillRow(row, values);
        return values;
    }

    private static float[] Integers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-64, 65))];

    private static double Correlation(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
}
