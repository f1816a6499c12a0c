using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class QuantizedGemmTests
{
    public static TheoryData<string> Paths => KernelCases.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Outputs_are_the_product_of_the_quantised_rows_and_the_weights(string path)
    {
        foreach (WeightFormat format in KnownWeights.Formats)
        {
            foreach (int depth in KnownWeights.Depths(format, KernelCases.Lengths))
            {
                using var problem = new Problem(format, rowCount: 5, outputCount: 19, depth);
                problem.AssertNearExact(problem.Run(KernelCases.Path(path)));
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Every_number_of_rows_and_outputs_is_computed_in_full(string path)
    {
        foreach (WeightFormat format in KnownWeights.Formats)
        {
            foreach (int rows in RowCounts)
            {
                foreach (int outputs in new[] { 1, 15, 16, 17, 97 })
                {
                    foreach (int depth in KnownWeights.Depths(format, 40))
                    {
                        using var problem = new Problem(format, rows, outputs, depth);
                        problem.AssertNearExact(problem.Run(KernelCases.Path(path)));
                    }
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Outputs_are_the_scalar_path_s_bit_for_bit(string path)
    {
        foreach (WeightFormat format in KnownWeights.Formats)
        {
            foreach (int depth in KnownWeights.Depths(format, 1, 31, 32, 33, 64, 100, 512))
            {
                foreach (int rows in RowCounts)
                {
                    using var problem = new Problem(format, rows, outputCount: 40, depth);
                    Assert.Equal(problem.Run(KernelPath.Scalar), problem.Run(KernelCases.Path(path)));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_row_does_not_depend_on_the_rows_beside_it(string path)
    {
        foreach (WeightFormat format in KnownWeights.Formats)
        {
            foreach (int depth in KnownWeights.Depths(format, 33, 256))
            {
                foreach (int rows in RowCounts)
                {
                    using var problem = new Problem(format, rows, outputCount: 50, depth);
                    float[] together = problem.Run(KernelCases.Path(path));
                    for (int row = 0; row < rows; row++)
                        Assert.Equal(together.AsSpan(row * 50, 50).ToArray(), problem.Run(KernelCases.Path(path), firstRow: row, rowCount: 1));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Outputs_can_go_into_the_tiles_of_a_product_that_is_not_quantised(string path)
    {
        foreach (int rows in RowCounts)
        {
            using var problem = new Problem(WeightFormat.Q8, rows, outputCount: 37, depth: 64);
            float[] plain = problem.Run(KernelCases.Path(path));
            using var tiles = new GuardedBuffer<float>((int)RowTiles.Length(rows, 37));
            problem.Run(KernelCases.Path(path), tiles: tiles);
            TileShape shape = TileShape.OfPlainRows(rows);
            for (int row = 0; row < rows; row++)
            {
                float* first = RowTiles.Row(tiles.Pointer, row, 37, shape);
                for (int n = 0; n < 37; n++) Assert.Equal(plain[(row * 37) + n], first[n * shape.HeightOf(row / shape.Height)]);
            }
        }
    }

    // All weights and activations at the ends of their codes: the largest sums there can be.
    [Theory, MemberData(nameof(Paths))]
    public void The_largest_codes_do_not_overflow(string path)
    {
        foreach (WeightFormat format in KnownWeights.Formats)
        {
            foreach (int depth in KnownWeights.Depths(format, 32, 80))
            {
                foreach (float sign in new[] { 1f, -1f })
                {
                    using var matrix = new PackedMatrix(format, rowCount: 17, depth);
                    float weight = KnownWeights.FillWithExtremes(matrix, sign);
                    foreach (int rows in RowCounts)
                    {
                        using var values = new GuardedBuffer<float>(rows * depth);
                        values.Span.Fill(-4);
                        foreach (float output in Multiply(values.Pointer, rows, matrix, KernelCases.Path(path))) Assert.Equal(1, output / (-4 * weight * depth), 0.001f);
                    }
                }
            }
        }
    }

    private static int[] RowCounts => [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 17];

    private static float[] Multiply(float* rows, int rowCount, PackedMatrix weights, KernelPath path, GuardedBuffer<float>? tiles = null)
    {
        using GuardedBuffer<byte> input = ProductInput.Create(rows, rowCount, weights, path);
        using var output = new GuardedBuffer<float>(rowCount * weights.RowCount);
        var operands = new GemmOperands
        {
            Input = input.Pointer,
            RowCount = rowCount,
            Output = tiles is null ? output.Pointer : tiles.Pointer,
            IsOutputTiled = tiles is not null,
        };

        // In two parts each, as the worker pool would.
        TileShape shape = weights.Shape(rowCount, path);
        int firstPanels = Math.Min(Gemm.PassPanels(weights.Format, shape), weights.PanelCount);
        Gemm.Run(operands, weights, 0, shape.Count / 2, 0, weights.PanelCount, path);
        Gemm.Run(operands, weights, shape.Count / 2, shape.Count - (shape.Count / 2), 0, firstPanels, path);
        Gemm.Run(operands, weights, shape.Count / 2, shape.Count - (shape.Count / 2), firstPanels, weights.PanelCount - firstPanels, path);
        return output.Span.ToArray();
    }

    /// <summary>Random activations and weights.</summary>
    private sealed class Problem : IDisposable
    {
        private readonly int _rowCount;
        private readonly GuardedBuffer<float> _rows;
        private readonly GuardedBuffer<byte> _panels;
        private readonly PackedMatrix _matrix;
        private readonly float[] _weights;

        public Problem(WeightFormat format, int rowCount, int outputCount, int depth)
        {
            _rowCount = rowCount;
            _rows = GuardedBuffer<float>.Random(rowCount * depth, seed: depth);
            _panels = new GuardedBuffer<byte>((int)(PanelFormats.PanelBytes(format, depth) * ((outputCount + 15) / 16)));
            _matrix = new PackedMatrix(format, outputCount, depth, isPaired: false, _panels.Pointer);
            _weights = KnownWeights.Fill(_matrix, seed: depth + 1);
        }

        public float[] Run(KernelPath path, int firstRow = 0, int? rowCount = null, GuardedBuffer<float>? tiles = null) =>
            Multiply(_rows.Pointer + (firstRow * _matrix.ColumnCount), rowCount ?? _rowCount, _matrix, path, tiles);

        // What is left beside the quantisation of the rows, of at most half a step each, is the rounding of float sums.
        public void AssertNearExact(float[] output)
        {
            int depth = _matrix.ColumnCount;
            for (int n = 0; n < _matrix.RowCount; n++)
            {
                ReadOnlySpan<float> weights = _weights.AsSpan(n * depth, depth);
                for (int m = 0; m < _rowCount; m++)
                {
                    double exact = 0;
                    double bound = 1e-6;
                    for (int block = 0; block < depth; block += 32)
                    {
                        int end = Math.Min(depth, block + 32);
                        float largest = 0;
                        for (int k = block; k < end; k++) largest = MathF.Max(largest, MathF.Abs(_rows.Span[(m * depth) + k]));
                        double step = largest / 127.0;
                        for (int k = block; k < end; k++)
                        {
                            float value = _rows.Span[(m * depth) + k];
                            exact += step * Math.Round(value / step) * weights[k];
                            bound += 4e-6 * Math.Abs(value * weights[k]);

                            // A value that lies between two codes may go to either.
                            if (Math.Abs(Math.Abs((value / step) - Math.Truncate(value / step)) - 0.5) < 1e-4) bound += step * Math.Abs(weights[k]);
                        }
                    }

                    Assert.Equal(exact, output[(m * _matrix.RowCount) + n], bound);
                }
            }
        }

        public void Dispose()
        {
            _rows.Dispose();
            _matrix.Dispose();
            _panels.Dispose();
        }
    }
}
