using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Tests.Kernels;

public sealed unsafe class PackedMatrixTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 4)]
    [InlineData(17, 5)]
    [InlineData(50, 33)]
    public void A_row_comes_back_as_it_was_set(int rows, int columns)
    {
        foreach (WeightFormat format in new[] { WeightFormat.F32, WeightFormat.BF16 })
        {
            using var matrix = new PackedMatrix(format, rows, columns);
            for (int row = 0; row < rows; row++) matrix.SetRow(row, Row(row, columns));
            float[] actual = new float[columns];
            for (int row = 0; row < rows; row++)
            {
                matrix.CopyRow(row, actual);
                Assert.Equal(Row(row, columns), actual);
            }
        }
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 37)]
    [InlineData(true, 40)]
    public void A_panel_set_as_a_whole_is_the_same_as_its_rows(bool isPaired, int columns)
    {
        const int Rows = 80;
        using var byRow = new PackedMatrix(WeightFormat.BF16, Rows, columns, isPaired);
        using var byPanel = new PackedMatrix(WeightFormat.BF16, Rows, columns, isPaired);
        ushort[] bits = new ushort[Rows * columns];
        for (int row = 0; row < Rows; row++)
        {
            byRow.SetRow(row, Row(row, columns));
            for (int k = 0; k < columns; k++) bits[(row * columns) + k] = ((BFloat16)Row(row, columns)[k]).Bits;
        }

        fixed (ushort* source = bits)
        {
            for (int row = 0; row < Rows;)
            {
                if (EncodedRows.TrySetPanel(byPanel, row, source + (row * columns))) row += 16;
                else byPanel.SetRow(row, Row(row++, columns));
            }
        }

        for (int panel = 0; panel < byRow.PanelCount; panel++)
            Assert.Equal(new ReadOnlySpan<byte>(byRow.Panel(panel), 32 * columns).ToArray(), new ReadOnlySpan<byte>(byPanel.Panel(panel), 32 * columns).ToArray());
    }

    [Fact]
    public void Sixteen_rows_lie_side_by_side_and_rows_beyond_the_last_are_zero()
    {
        using var matrix = new PackedMatrix(WeightFormat.F32, rowCount: 18, columnCount: 3);
        for (int row = 0; row < 18; row++) matrix.SetRow(row, Row(row, 3));

        Assert.Equal(2, matrix.PanelCount);
        Assert.Equal(Row(5, 3)[2], ((float*)matrix.Panel(0))[(2 * 16) + 5]);
        Assert.Equal(Row(17, 3)[1], ((float*)matrix.Panel(1))[16 + 1]);
        Assert.Equal(0f, ((float*)matrix.Panel(1))[2]);
    }

    [Theory]
    [InlineData(1f, 1f)]
    [InlineData(1.00390625f, 1f)] // half a step above 1: ties to the even neighbour
    [InlineData(1.01171875f, 1.015625f)] // one and a half steps above 1: ties to the even neighbour
    [InlineData(-3.14159f, -3.140625f)]
    [InlineData(float.MaxValue, float.PositiveInfinity)]
    public void A_float_rounds_to_the_nearest_bfloat16(float value, float expected) => Assert.Equal(expected, (float)(BFloat16)value);

    [Fact]
    public void Nan_stays_nan_in_sixteen_bits() => Assert.True(float.IsNaN((BFloat16)float.NaN));

    [Fact]
    public void Many_floats_round_as_each_does_alone()
    {
        var random = new Random(4);
        float[] values = [.. Enumerable.Range(0, 75).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))), float.NaN, float.NegativeInfinity, 1.00390625f, 0f, -0f];
        for (int count = 0; count <= values.Length; count++)
        {
            using var source = new GuardedBuffer<float>(count);
            using var rounded = new GuardedBuffer<ushort>(count);
            values.AsSpan(0, count).CopyTo(source.Span);
            BFloat16.Round(source.Pointer, (BFloat16*)rounded.Pointer, count);
            Assert.Equal(values.Take(count).Select(value => ((BFloat16)value).Bits), rounded.Span.ToArray());
        }
    }

    private static float[] Row(int row, int columns) => [.. Enumerable.Range(0, columns).Select(k => (float)((row * 4) + k + 1))];
}
