using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Tests.Kernels;

public sealed unsafe class QuantizedGemmTests
{
    public static TheoryData<string> Paths => KernelCases.Paths;

    internal static WeightFormat[] Formats => [.. Enum.GetValues<WeightFormat>().Where(format => format.IsQuantized())];

    [Theory, MemberData(nameof(Paths))]
    public void Outputs_are_the_product_of_the_rows_and_weights_as_quantised(string path)
    {
        foreach (WeightFormat format in Formats)
        {
            foreach (int depth in KernelCases.Lengths.Where(length => format != WeightFormat.Q4K || length % 256 == 0))
            {
                using var problem = new Problem(format, rowCount: 5, outputCount: 19, depth);
                problem.AssertNearExact(problem.Run(KernelCases.Path(path)));
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Every_number_of_rows_and_outputs_is_computed_in_full(string path)
    {
        foreach (WeightFormat format in Formats)
        {
            foreach (int rows in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 17 })
            {
                foreach (int outputs in new[] { 1, 15, 16, 17, 97, 130 })
                {
                    using var problem = new Problem(format, rows, outputs, depth: 256);
                    problem.AssertNearExact(problem.Run(KernelCases.Path(path)));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Outputs_are_the_scalar_path_s_bit_for_bit(string path)
    {
        foreach (WeightFormat format in Formats)
        {
            foreach (int rows in new[] { 1, 11 })
            {
                using var problem = new Problem(format, rows, outputCount: 120, depth: 512);
                Assert.Equal(problem.Run(KernelPath.Scalar), problem.Run(KernelCases.Path(path)));
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_row_does_not_depend_on_the_rows_beside_it(string path)
    {
        foreach (WeightFormat format in Formats)
        {
            using var problem = new Problem(format, rowCount: 13, outputCount: 50, depth: 256);
            float[] together = problem.Run(KernelCases.Path(path));
            for (int row = 0; row < 13; row++)
                Assert.Equal(together.AsSpan(row * 50, 50).ToArray(), problem.Run(KernelCases.Path(path), firstRow: row, rowCount: 1));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Outputs_can_go_into_the_tiles_of_a_product_that_is_not_quantised(string path)
    {
        foreach (int rows in new[] { 1, 2, 3, 4, 8, 9, 13 })
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
        foreach (WeightFormat format in Formats.Where(format => format != WeightFormat.Q4K))
        {
            foreach (float sign in new[] { 1f, -1f })
            {
                using var matrix = new PackedMatrix(format, rowCount: 1, columnCount: 32);
                float[] weights = [.. Enumerable.Repeat(sign * 2, 32)];
                if (format.IsMadeOfNumbers()) matrix.SetRow(0, weights);
                else AffineRows.SetLargestCodes(matrix, 0, weights);
                using var row = new GuardedBuffer<float>(32);
                row.Span.Fill(-4);
                using GuardedBuffer<byte> tile = ProductInput.Create(row.Pointer, 1, matrix, KernelCases.Path(path));
                using var output = new GuardedBuffer<float>(1);
                Gemm.Run(new GemmOperands { Input = tile.Pointer, RowCount = 1, Output = output.Pointer }, matrix, 0, 1, 0, 1, KernelCases.Path(path));
                Assert.Equal(sign * -256, output.Span[0], 0.6f);
            }
        }
    }

    /// <summary>Random activations and weights.</summary>
    private sealed class Problem : IDisposable
    {
        private readonly int _rowCount;
        private readonly GuardedBuffer<float> _rows;
        private readonly PackedMatrix _weights;

        public Problem(WeightFormat format, int rowCount, int outputCount, int depth)
        {
            _rowCount = rowCount;
            _rows = GuardedBuffer<float>.Random(rowCount * depth, seed: depth);
            _weights = new PackedMatrix(format, outputCount, depth);
            using var weights = GuardedBuffer<float>.Random(outputCount * depth, seed: depth + 1, scale: 0.05f);
            for (int n = 0; n < outputCount; n++)
            {
                Span<float> row = weights.Span.Slice(n * depth, depth);
                if (format == WeightFormat.Q4K) SetBlocks(n, row);
                else if (format.IsMadeOfNumbers()) _weights.SetRow(n, row);
                else AffineRows.Set(_weights, n, row);
            }
        }

        public float[] Run(KernelPath path, int firstRow = 0, int? rowCount = null, GuardedBuffer<float>? tiles = null)
        {
            int count = rowCount ?? _rowCount;
            using GuardedBuffer<byte> input = ProductInput.Create(_rows.Pointer + (firstRow * _weights.ColumnCount), count, _weights, path);
            using var output = new GuardedBuffer<float>(count * _weights.RowCount);
            var operands = new GemmOperands
            {
                Input = input.Pointer,
                RowCount = count,
                Output = tiles is null ? output.Pointer : tiles.Pointer,
                IsOutputTiled = tiles is not null,
            };

            // In two parts each, as the worker pool would.
            TileShape shape = _weights.Shape(count, path);
            int tileCount = shape.Count;
            int firstPanels = Math.Min(Gemm.PassPanels(_weights.Format, shape), _weights.PanelCount);
            Gemm.Run(operands, _weights, 0, tileCount / 2, 0, _weights.PanelCount, path);
            Gemm.Run(operands, _weights, tileCount / 2, tileCount - (tileCount / 2), 0, firstPanels, path);
            Gemm.Run(operands, _weights, tileCount / 2, tileCount - (tileCount / 2), firstPanels, _weights.PanelCount - firstPanels, path);
            return output.Span.ToArray();
        }

        // What is left beside the quantisation of the rows, of at most half a step each, is the rounding of float sums.
        public void AssertNearExact(float[] output)
        {
            int depth = _weights.ColumnCount;
            float[] weights = new float[depth];
            for (int n = 0; n < _weights.RowCount; n++)
            {
                _weights.CopyRow(n, weights);
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

                    Assert.Equal(exact, output[(m * _weights.RowCount) + n], bound);
                }
            }
        }

        public void Dispose()
        {
            _rows.Dispose();
            _weights.Dispose();
        }

        private void SetBlocks(int row, ReadOnlySpan<float> values)
        {
            DTypeInfo info = DTypeInfo.Of(DType.Q4_K);
            byte[] blocks = new byte[info.BytesOf(values.Length)];
            for (int i = 0; i < values.Length / 256; i++) info.Quantize!(values.Slice(256 * i, 256), blocks.AsSpan(144 * i, 144));
            fixed (byte* source = blocks) EncodedRows.SetRow(_weights, row, source);
        }
    }
}
