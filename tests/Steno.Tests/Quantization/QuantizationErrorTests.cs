using Steno.Tensors;

namespace Steno.Tests.Quantization;

public sealed unsafe class QuantizationErrorTests
{
    // Relative RMS errors of ggml's algorithms on normally distributed weights, from a simulation in Python.
    [Theory]
    [InlineData("Q8_0", 0.0053)]
    [InlineData("Q6_K", 0.018)]
    [InlineData("Q5_K", 0.036)]
    [InlineData("Q4_K", 0.070)]
    [InlineData("Q4_0", 0.085)]
    public void Normally_distributed_weights_lose_what_the_type_must_lose(string name, double expected)
    {
        float[] values = Normal(60 * 256, seed: 3);

        double error = RelativeError(values, RoundTrip(values, Enum.Parse<DType>(name)));

        Assert.InRange(error, 0.9 * expected, 1.1 * expected);
    }

    [Theory]
    [InlineData("Q8_0")]
    [InlineData("Q4_0")]
    [InlineData("Q5_0")]
    [InlineData("Q4_K")]
    [InlineData("Q5_K")]
    [InlineData("Q6_K")]
    public void A_zero_or_constant_block_loses_almost_nothing(string name)
    {
        DType type = Enum.Parse<DType>(name);
        Assert.All(RoundTrip(new float[256], type), value => Assert.Equal(0f, value));
        float[] constant = Enumerable.Repeat(-0.625f, 256).ToArray();

        Assert.InRange(RelativeError(constant, RoundTrip(constant, type)), 0, 0.01);
    }

    [Fact]
    public void Values_are_read_from_any_place_in_a_block()
    {
        foreach (DType type in Enum.GetValues<DType>().Where(type => DTypeInfo.Of(type).IsQuantized))
        {
            byte[] blocks = GgmlGolden.Blocks(type);
            float[] values = GgmlGolden.Values(type);
            fixed (byte* data = blocks)
            {
                var tensor = new TensorView("t", "f", type, [GgmlGolden.RowCount, GgmlGolden.ColumnCount], data);
                Assert.Equal(blocks.Length, tensor.ByteCount);
                foreach ((int first, int count) in new[] { (0, 1), (1, 31), (31, 2), (255, 258), (300, 1000), (8191, 1), (1000, 0) })
                {
                    float[] part = new float[count];
                    tensor.CopyTo(first, part);
                    Assert.Equal(values[first..(first + count)], part);
                }
            }
        }
    }

    [Fact]
    public void A_format_that_is_only_read_and_a_part_of_a_block_are_refused()
    {
        Assert.Throws<ArgumentException>(() => TensorEncoding.Encode(new float[32], DType.Q4_1, new byte[20]));
        Assert.Throws<ArgumentException>(() => TensorEncoding.Encode(new float[31], DType.Q8_0, new byte[34]));
        Assert.Throws<ArgumentException>(() => TensorEncoding.Encode(new float[32], DType.Q8_0, new byte[33]));
    }

    private static float[] RoundTrip(float[] values, DType type)
    {
        byte[] blocks = new byte[DTypeInfo.Of(type).BytesOf(values.Length)];
        TensorEncoding.Encode(values, type, blocks);
        float[] result = new float[values.Length];
        fixed (byte* data = blocks) new TensorView("t", "f", type, [values.Length], data).CopyTo(result);
        return result;
    }

    private static double RelativeError(float[] expected, float[] actual) =>
        Math.Sqrt(expected.Zip(actual, (x, y) => Math.Pow(x - y, 2)).Sum() / expected.Sum(x => (double)x * x));

    private static float[] Normal(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(0.02 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
