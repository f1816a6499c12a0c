using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed class TileShapeTests
{
    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "2")]
    [InlineData(3, "4")]
    [InlineData(4, "4")]
    [InlineData(5, "8")]
    [InlineData(8, "8")]
    [InlineData(9, "8 1")]
    [InlineData(12, "8 4")]
    [InlineData(18, "8 8 2")]
    [InlineData(23, "8 8 8")]
    public void Plain_rows_are_cut_into_eights_and_the_lowest_tile_that_holds_the_rest(int rowCount, string heights)
    {
        Assert.Equal(heights, Heights(TileShape.OfPlainRows(rowCount)));
        foreach (KernelPath path in Enum.GetValues<KernelPath>()) Assert.Equal(heights, Heights(TileShape.Of(WeightFormat.BF16, path, rowCount)));
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(3, "4")]
    [InlineData(5, "6")]
    [InlineData(8, "6 2")]
    [InlineData(16, "6 6 4")]
    [InlineData(17, "6 6 6")]
    public void Rows_that_are_multiplied_as_bytes_are_cut_into_sixes(int rowCount, string heights) =>
        Assert.Equal(heights, Heights(TileShape.Of(WeightFormat.Q8, KernelPath.Scalar, rowCount)));

    [Fact]
    public void Every_row_is_in_one_tile_and_no_tile_is_higher_than_it_must_be()
    {
        foreach (KernelPath path in Enum.GetValues<KernelPath>())
        {
            foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
            {
                for (int rowCount = 1; rowCount <= 60; rowCount++)
                {
                    var shape = TileShape.Of(format, path, rowCount);
                    int row = 0;
                    for (int tile = 0; tile < shape.Count; tile++)
                    {
                        Assert.Equal(row, shape.FirstRow(tile));
                        Assert.InRange(shape.RowsIn(tile), (shape.HeightOf(tile) / 2) + (shape.HeightOf(tile) == 1 ? 1 : 0), shape.HeightOf(tile));
                        Assert.Contains(shape.HeightOf(tile), new[] { 1, 2, 4, 6, 8 });
                        row += shape.RowsIn(tile);
                    }

                    Assert.Equal(rowCount, row);
                    Assert.Equal(shape.FirstRow(shape.Count - 1) + shape.LastHeight, shape.PaddedRowCount);
                }
            }
        }
    }

    [Fact]
    public void Single_rows_are_tiles_of_their_own() => Assert.Equal("1 1 1", Heights(TileShape.OfSingleRows(3)));

    private static string Heights(TileShape shape) => string.Join(' ', Enumerable.Range(0, shape.Count).Select(shape.HeightOf));
}
