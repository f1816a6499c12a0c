using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Tests.Kernels;

public sealed unsafe class GemmTests
{
    public static TheoryData<string> Paths => KernelCases.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Outputs_stay_within_the_rounding_bound_at_every_depth(string path)
    {
        foreach (int depth in KernelCases.Lengths)
        {
            using var problem = new Problem(WeightFormat.F32, rows: 5, outputs: 19, depth);
            problem.Run(KernelCases.Path(path));
            problem.AssertWithinBound();
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Every_number_of_rows_and_outputs_is_computed_in_full(string path)
    {
        foreach (int rows in RowCounts)
        {
            for (int outputs = 1; outputs <= 130; outputs += 7)
            {
                using var problem = new Problem(WeightFormat.BF16, rows, outputs, depth: 40);
                problem.Run(KernelCases.Path(path));
                problem.AssertWithinBound();
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Outputs_are_the_scalar_path_s_bit_for_bit(string path)
    {
        foreach (WeightFormat format in new[] { WeightFormat.F32, WeightFormat.BF16 })
        {
            foreach (int depth in new[] { 1, 7, 16, 200 })
            {
                foreach (int rows in RowCounts)
                {
                    using var problem = new Problem(format, rows, outputs: 120, depth);
                    problem.Run(KernelPath.Scalar);
                    float[] expected = problem.Output.Span.ToArray();
                    problem.Run(KernelCases.Path(path));
                    Assert.Equal(expected, problem.Output.Span.ToArray());
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_row_does_not_depend_on_the_rows_beside_it(string path)
    {
        foreach (int rows in RowCounts)
        {
            using var together = new Problem(WeightFormat.BF16, rows, outputs: 120, depth: 200);
            together.Run(KernelCases.Path(path));
            for (int row = 0; row < rows; row++)
            {
                using var alone = new Problem(WeightFormat.BF16, rows: 1, outputs: 120, depth: 200);
                together.Input.Slice(row * 200, 200).CopyTo(alone.Input);
                alone.Run(KernelCases.Path(path));
                Assert.Equal(together.Output.Span.Slice(row * 120, 120).ToArray(), alone.Output.Span.ToArray());
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Epilogues_add_to_the_output_or_apply_gelu(string path)
    {
        foreach (int rows in new[] { 1, 6, 10 })
        {
            using var problem = new Problem(WeightFormat.F32, rows, outputs: 20, depth: 64);
            problem.Run(KernelCases.Path(path));
            float[] plain = problem.Output.Span.ToArray();

            problem.Run(KernelCases.Path(path), GemmEpilogue.Add);
            for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i] + plain[i], problem.Output.Span[i]);

            problem.Run(KernelCases.Path(path), GemmEpilogue.Gelu);
            for (int i = 0; i < plain.Length; i++) Assert.Equal(GeluTests.Exact(plain[i]), problem.Output.Span[i], 1e-5);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Gate_and_up_become_one_output(string path)
    {
        foreach (int rows in new[] { 1, 9 })
        {
            foreach (int width in new[] { 1, 16, 40, 100 })
            {
                using var problem = new Problem(WeightFormat.BF16, rows, outputs: 2 * width, depth: 64, isPaired: true, hasBias: false);
                using var separate = new Problem(WeightFormat.BF16, rows, outputs: 2 * width, depth: 64, hasBias: false);
                separate.Run(KernelCases.Path(path));
                problem.Run(KernelCases.Path(path), GemmEpilogue.SwiGlu);
                for (int row = 0; row < rows; row++)
                {
                    for (int i = 0; i < width; i++)
                    {
                        double gate = separate.Output.Span[(row * 2 * width) + i];
                        Assert.Equal(gate / (1 + Math.Exp(-gate)) * separate.Output.Span[(row * 2 * width) + width + i], problem.Output.Span[(row * width) + i], 1e-4);
                    }
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Tiled_outputs_are_the_same_numbers_in_the_layout_of_inputs(string path)
    {
        foreach (int rows in new[] { 1, 2, 3, 4, 8, 9, 13 })
        {
            using var problem = new Problem(WeightFormat.F32, rows, outputs: 37, depth: 30);
            problem.Run(KernelCases.Path(path));
            float[] plain = problem.Output.Span.ToArray();
            using var tiles = new GuardedBuffer<float>((int)RowTiles.Length(rows, 37));
            problem.Run(KernelCases.Path(path), tiles: tiles);
            TileShape shape = TileShape.OfPlainRows(rows);
            for (int row = 0; row < rows; row++)
            {
                int tile = row / shape.Height;
                for (int n = 0; n < 37; n++) Assert.Equal(plain[(row * 37) + n], tiles.Span[(tile * shape.Height * 37) + (n * shape.HeightOf(tile)) + (row % shape.Height)]);
            }
        }
    }

    private static int[] RowCounts => [1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 17];

    /// <summary>A random A, W and bias, with the exact result computed in double precision.</summary>
    private sealed class Problem : IDisposable
    {
        private readonly int _rows;
        private readonly int _outputs;
        private readonly int _depth;
        private readonly GuardedBuffer<float> _input;
        private readonly GuardedBuffer<float> _bias;
        private readonly bool _hasBias;
        private readonly float[] _weights;
        private readonly GuardedBuffer<byte> _panels;
        private readonly PackedMatrix _packed;

        public Problem(WeightFormat format, int rows, int outputs, int depth, bool isPaired = false, bool hasBias = true)
        {
            (_rows, _outputs, _depth, _hasBias) = (rows, outputs, depth, hasBias);
            _input = GuardedBuffer<float>.Random(rows * depth, seed: depth);
            _bias = GuardedBuffer<float>.Random(outputs, seed: 3);
            Output = new GuardedBuffer<float>(rows * outputs);
            using var weights = GuardedBuffer<float>.Random(outputs * depth, seed: depth + 1);
            _weights = weights.Span.ToArray();
            if (format == WeightFormat.BF16)
            {
                for (int i = 0; i < _weights.Length; i++) _weights[i] = (BFloat16)_weights[i];
            }

            int panelCount = isPaired ? 2 * (((outputs / 2) + 15) / 16) : (outputs + 15) / 16;
            _panels = new GuardedBuffer<byte>((int)(PanelFormats.PanelBytes(format, depth) * panelCount));
            _packed = new PackedMatrix(format, outputs, depth, isPaired, _panels.Pointer);
            for (int n = 0; n < outputs; n++) _packed.SetRow(n, _weights.AsSpan(n * depth, depth));
        }

        public Span<float> Input => _input.Span;

        public GuardedBuffer<float> Output { get; }

        public void Run(KernelPath path, GemmEpilogue epilogue = GemmEpilogue.Store, GuardedBuffer<float>? tiles = null)
        {
            using GuardedBuffer<byte> input = ProductInput.Create(_input.Pointer, _rows, _packed, path);
            var operands = new GemmOperands
            {
                Input = input.Pointer,
                RowCount = _rows,
                Bias = _hasBias ? _bias.Pointer : null,
                Output = tiles is null ? Output.Pointer : tiles.Pointer,
                IsOutputTiled = tiles is not null,
                Epilogue = epilogue,
            };

            // In two parts each, as the worker pool would.
            TileShape shape = _packed.Shape(_rows, path);
            int tileCount = shape.Count;
            int firstPanels = Math.Min(Gemm.PassPanels(_packed.Format, shape), _packed.PanelCount);
            Gemm.Run(operands, _packed, 0, tileCount / 2, 0, _packed.PanelCount, path);
            Gemm.Run(operands, _packed, tileCount / 2, tileCount - (tileCount / 2), 0, firstPanels, path);
            Gemm.Run(operands, _packed, tileCount / 2, tileCount - (tileCount / 2), firstPanels, _packed.PanelCount - firstPanels, path);
        }

        // Higham 2002, section 3.1: |computed - exact| <= gamma_K * sum |a||w|, here with one more rounding for the bias.
        public void AssertWithinBound()
        {
            double gamma = (_depth + 1) * Math.Pow(2, -24);
            for (int m = 0; m < _rows; m++)
            {
                for (int n = 0; n < _outputs; n++)
                {
                    double exact = _bias.Span[n];
                    double magnitude = Math.Abs(exact);
                    for (int k = 0; k < _depth; k++)
                    {
                        double product = (double)_input.Span[(m * _depth) + k] * _weights[(n * _depth) + k];
                        exact += product;
                        magnitude += Math.Abs(product);
                    }

                    Assert.InRange(Output.Span[(m * _outputs) + n] - exact, -gamma * magnitude, gamma * magnitude);
                }
            }
        }

        public void Dispose()
        {
            _input.Dispose();
            _bias.Dispose();
            _packed.Dispose();
            _panels.Dispose();
            Output.Dispose();
        }
    }
}
