using Steno.Kernels;
using Steno.Tensors;
using Steno.Tests.Quantization;

namespace Steno.Tests.Kernels;

public sealed unsafe class QuantizedPanelsTests
{
    [Theory]
    [InlineData("Q8", 127)]
    [InlineData("Q6", 32)]
    [InlineData("Q4", 8)]
    public void A_row_comes_back_within_a_step_of_its_blocks(string name, int levels)
    {
        WeightFormat format = Enum.Parse<WeightFormat>(name);
        foreach (int columns in new[] { 32, 33, 100, 512 })
        {
            using var matrix = new PackedMatrix(format, rowCount: 37, columns);
            using var values = GuardedBuffer<float>.Random(37 * columns, seed: columns, scale: 0.02f);
            for (int row = 0; row < 37; row++) matrix.SetRow(row, values.Span.Slice(row * columns, columns));
            float[] actual = new float[columns];
            for (int row = 0; row < 37; row++)
            {
                matrix.CopyRow(row, actual);
                for (int block = 0; block < columns; block += 32)
                {
                    Span<float> expected = values.Span.Slice((row * columns) + block, Math.Min(32, columns - block));
                    float largest = 0;
                    foreach (float value in expected) largest = MathF.Max(largest, MathF.Abs(value));

                    // The search may give the largest weights up for the others, but not further than a step; the scale is rounded to F16.
                    for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[block + i], (1.3f * largest / levels) + (largest * 1e-3f));
                }
            }
        }
    }

    [Theory]
    [InlineData("Q8", 0.0060)]
    [InlineData("Q6", 0.0210)]
    [InlineData("Q4", 0.0900)]
    public void The_error_of_normally_distributed_weights_is_within_the_format_s_budget(string name, double budget)
    {
        const int Columns = 4096;
        using var matrix = new PackedMatrix(Enum.Parse<WeightFormat>(name), rowCount: 16, Columns);
        using var values = GuardedBuffer<float>.Random(16 * Columns, seed: 5, scale: 0.03f);
        double error = 0;
        double power = 0;
        float[] actual = new float[Columns];
        for (int row = 0; row < 16; row++)
        {
            matrix.SetRow(row, values.Span.Slice(row * Columns, Columns));
            matrix.CopyRow(row, actual);
            for (int k = 0; k < Columns; k++)
            {
                double expected = values.Span[(row * Columns) + k];
                error += (actual[k] - expected) * (actual[k] - expected);
                power += expected * expected;
            }
        }

        Assert.InRange(Math.Sqrt(error / power), budget / 2, budget);
    }

    // Against ggml's own algorithm for blocks of 4 bits.
    [Fact]
    public void Four_bits_are_closer_than_ggml_s()
    {
        const int Columns = 8192;
        using var matrix = new PackedMatrix(WeightFormat.Q4, rowCount: 1, Columns);
        using var values = GuardedBuffer<float>.Random(Columns, seed: 6);
        matrix.SetRow(0, values.Span);
        float[] ours = new float[Columns];
        matrix.CopyRow(0, ours);

        DTypeInfo info = DTypeInfo.Of(DType.Q4_0);
        float[] theirs = new float[Columns];
        byte[] block = new byte[info.BlockBytes];
        for (int i = 0; i < Columns; i += 32)
        {
            info.Quantize!(values.Span.Slice(i, 32), block);
            info.Dequantize!(block, theirs.AsSpan(i, 32));
        }

        Assert.True(Error(ours, values.Span) < 0.95 * Error(theirs, values.Span));
    }

    [Theory]
    [InlineData("Q8_0")]
    [InlineData("Q4_0")]
    [InlineData("Q4_K")]
    public void Blocks_that_ggml_wrote_keep_the_values_that_ggml_reads(string name)
    {
        DType type = Enum.Parse<DType>(name);
        byte[] blocks = GgmlGolden.Blocks(type);
        float[] expected = GgmlGolden.Values(type);
        using var matrix = new PackedMatrix(EncodedRows.FormatOf(type)!.Value, GgmlGolden.RowCount, GgmlGolden.ColumnCount);
        fixed (byte* source = blocks)
        {
            for (int row = 0; row < GgmlGolden.RowCount; row++) EncodedRows.SetRow(matrix, row, source + (row * blocks.Length / GgmlGolden.RowCount));
        }

        float[] actual = new float[GgmlGolden.ColumnCount];
        for (int row = 0; row < GgmlGolden.RowCount; row++)
        {
            matrix.CopyRow(row, actual);
            Assert.Equal(expected.AsSpan(row * GgmlGolden.ColumnCount, GgmlGolden.ColumnCount).ToArray(), actual);
        }
    }

    [Fact]
    public void Zeros_and_one_large_weight_are_met()
    {
        foreach (WeightFormat format in new[] { WeightFormat.Q8, WeightFormat.Q6, WeightFormat.Q4 })
        {
            using var matrix = new PackedMatrix(format, rowCount: 2, columnCount: 32);
            matrix.SetRow(0, new float[32]);
            matrix.SetRow(1, [.. Enumerable.Range(0, 32).Select(k => k == 9 ? -3f : 0)]);
            float[] actual = new float[32];
            matrix.CopyRow(0, actual);
            Assert.Equal(new float[32], actual);
            matrix.CopyRow(1, actual);
            Assert.Equal(-3f, actual[9], 0.003f);
            Assert.Equal(0f, actual[8]);
        }
    }

    private static double Error(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        double sum = 0;
        for (int i = 0; i < actual.Length; i++) sum += (actual[i] - expected[i]) * (double)(actual[i] - expected[i]);
        return sum;
    }
}
