using Steno.Kernels;
using Steno.Model;
using Steno.Tensors;
using Steno.Tests.Kernels;
using Steno.Threading;

namespace Steno.Tests.Model;

public sealed unsafe class ProductCutTests
{
    [Fact]
    public void Every_tile_meets_every_panel_in_one_item()
    {
        foreach (WeightFormat format in new[] { WeightFormat.BF16, WeightFormat.Q8, WeightFormat.Q4 })
        {
            foreach (int outputs in new[] { 1, 16, 40, 100, 1600 })
            {
                using var weights = new PackedMatrix(format, outputs, columnCount: 96);
                foreach (int rows in new[] { 1, 2, 4, 8, 9, 33, 158, 512 })
                {
                    TileShape shape = weights.Shape(rows, KernelPath.Scalar);
                    AssertCovers(ProductCut.Of(weights, shape), shape.Count, weights.PanelCount);
                }
            }
        }
    }

    [Fact]
    public void Gate_and_up_panels_stay_in_one_item()
    {
        using var weights = new PackedMatrix(WeightFormat.Q8, rowCount: 2 * 3072, columnCount: 1024, isPaired: true);
        foreach (int rows in new[] { 1, 2, 8, 158 })
        {
            var cut = ProductCut.Of(weights, weights.Shape(rows, KernelPath.Scalar));
            for (int item = 0; item < cut.ItemCount; item++)
            {
                (int first, int count) = cut.Panels(item);
                Assert.Equal((0, 0), (first % 2, count % 2));
            }
        }
    }

    [Theory]
    [InlineData("F32")]
    [InlineData("BF16")]
    [InlineData("Q8")]
    [InlineData("Q4")]
    public void Outputs_are_the_same_bits_for_any_number_of_threads(string name)
    {
        WeightFormat format = Enum.Parse<WeightFormat>(name);
        using var weights = new PackedMatrix(format, rowCount: 500, columnCount: 160);
        using GuardedBuffer<float> values = GuardedBuffer<float>.Random(500 * 160, seed: 1);
        for (int n = 0; n < 500; n++) weights.SetRow(n, values.Span.Slice(n * 160, 160));
        foreach (int rows in new[] { 1, 2, 3, 7, 20, 200 })
        {
            float[] expected = Multiply(weights, rows, threadCount: 1);
            foreach (int threads in new[] { 2, 3, 7 }) Assert.Equal(expected, Multiply(weights, rows, threads));
        }
    }

    private static float[] Multiply(PackedMatrix weights, int rowCount, int threadCount)
    {
        using var pool = new WorkerPool(threadCount);
        using var buffers = new ActivationBuffers();
        var runner = new KernelRunner(pool, KernelPaths.Selected);
        using GuardedBuffer<float> rows = GuardedBuffer<float>.Random(rowCount * weights.ColumnCount, seed: 2);
        using var tiles = new AlignedBuffer<float>(RowTiles.Length(rowCount, weights.ColumnCount));
        using var output = new GuardedBuffer<float>(rowCount * weights.RowCount);
        float* input = runner.Pack(rows.Pointer, tiles.Pointer, rowCount, weights, CancellationToken.None);
        runner.Multiply(new GemmOperands { Input = input, RowCount = rowCount, Output = output.Pointer }, weights, buffers, CancellationToken.None);
        return output.Span.ToArray();
    }

    private static void AssertCovers(ProductCut cut, int tileCount, int panelCount)
    {
        int[,] visits = new int[tileCount, panelCount];
        for (int item = 0; item < cut.ItemCount; item++)
        {
            (int firstTile, int tiles) = cut.Tiles(item);
            (int firstPanel, int panels) = cut.Panels(item);
            for (int tile = firstTile; tile < firstTile + tiles; tile++)
            {
                for (int panel = firstPanel; panel < firstPanel + panels; panel++) visits[tile, panel]++;
            }
        }

        Assert.All(visits.Cast<int>(), count => Assert.Equal(1, count));
    }
}
