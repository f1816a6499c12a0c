using Steno.Tensors;

namespace Steno.Tests.Quantization;

public sealed unsafe class WeightedQuantizationTests
{
    private const int Width = 1024;
    private const int RowCount = 24;

    public static TheoryData<string> SearchedTypes => ["Q4_0", "Q5_0", "Q4_K", "Q5_K", "Q6_K"];

    // Activations of real models differ by orders of magnitude between columns.
    [Theory, MemberData(nameof(SearchedTypes))]
    public void Columns_that_count_more_are_met_more_closely(string name)
    {
        DType type = Enum.Parse<DType>(name);
        float[] importance = Importance(spread: 2);
        double plain = 0;
        double weighted = 0;
        foreach (float[] row in Rows())
        {
            plain += Error(row, Decode(Encode(row, type), type), importance);
            weighted += Error(row, Decode(Encode(row, importance, type), type), importance);
        }

        Assert.InRange(Math.Sqrt(weighted / plain), 0.3, 0.97);
    }

    [Theory, MemberData(nameof(SearchedTypes))]
    public void Where_all_columns_count_the_same_little_is_lost(string name)
    {
        DType type = Enum.Parse<DType>(name);
        float[] importance = new float[Width];
        Array.Fill(importance, 0.25f);
        double plain = 0;
        double weighted = 0;
        foreach (float[] row in Rows())
        {
            plain += Error(row, Decode(Encode(row, type), type), importance);
            weighted += Error(row, Decode(Encode(row, importance, type), type), importance);
        }

        Assert.InRange(Math.Sqrt(weighted / plain), 0.3, 1.03);
    }

    [Theory, MemberData(nameof(SearchedTypes))]
    public void Rows_of_zeros_and_weights_of_any_size_make_finite_blocks(string name)
    {
        DType type = Enum.Parse<DType>(name);
        float[] tiny = new float[Width];
        Array.Fill(tiny, float.Epsilon);
        Assert.All(Decode(Encode(new float[Width], Importance(spread: 20), type), type), value => Assert.Equal(0f, value));
        foreach (float[] row in Rows().Take(2))
        {
            Assert.All(Decode(Encode(row, tiny, type), type), value => Assert.True(float.IsFinite(value)));
            Assert.All(Decode(Encode(row, Importance(spread: 20), type), type), value => Assert.True(float.IsFinite(value)));
        }
    }

    [Fact]
    public void Types_without_a_search_take_no_notice()
    {
        float[] row = Rows().First();
        foreach (DType type in new[] { DType.Q8_0, DType.BF16, DType.F16, DType.F32 })
            Assert.Equal(Encode(row, type), Encode(row, Importance(spread: 2), type));
    }

    [Fact]
    public void Weights_must_be_as_many_as_columns()
    {
        Assert.Throws<ArgumentException>(() => TensorEncoding.Encode(new float[32], new float[31], DType.Q4_0, new byte[18]));
        Assert.Throws<ArgumentException>(() => TensorEncoding.Encode(new float[31], new float[31], DType.Q4_0, new byte[18]));
        Assert.Throws<ArgumentException>(() => TensorEncoding.Encode(new float[32], new float[32], DType.Q4_0, new byte[17]));
    }

    private static float[] Importance(double spread)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, Width).Select(_ => (float)Math.Exp(spread * Normal(random)))];
    }

    private static IEnumerable<float[]> Rows()
    {
        var random = new Random(6);
        for (int i = 0; i < RowCount; i++) yield return [.. Enumerable.Range(0, Width).Select(_ => (float)(0.02 * Normal(random)))];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Error(float[] expected, float[] actual, float[] importance)
    {
        double error = 0;
        for (int i = 0; i < expected.Length; i++) error += importance[i] * Math.Pow((double)expected[i] - actual[i], 2);
        return error;
    }

    private static byte[] Encode(float[] row, DType type)
    {
        byte[] data = new byte[DTypeInfo.Of(type).BytesOf(row.Length)];
        TensorEncoding.Encode(row, type, data);
        return data;
    }

    private static byte[] Encode(float[] row, float[] importance, DType type)
    {
        byte[] data = new byte[DTypeInfo.Of(type).BytesOf(row.Length)];
        TensorEncoding.Encode(row, importance, type, data);
        return data;
    }

    private static float[] Decode(byte[] data, DType type)
    {
        float[] values = new float[Width];
        fixed (byte* start = data) new TensorView("t", "f", type, [Width], start).CopyTo(values);
        return values;
    }
}
