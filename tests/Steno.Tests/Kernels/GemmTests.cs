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
        for (int rows = 1; rows <= 9; rows++)
        {
            for (int outputs = 1; outputs <= 50; outputs += 7)
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
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            using var problem = new Problem(format, rows: 11, outputs: 40, depth: 200);
            problem.Run(KernelPath.Scalar);
            float[] expected = problem.Output.Span.ToArray();
            problem.Run(KernelCases.Path(path));
            Assert.Equal(expected, problem.Output.Span.ToArray());
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_row_does_not_depend_on_the_rows_beside_it(string path)
    {
        using var problem = new Problem(WeightFormat.BF16, rows: 13, outputs: 40, depth: 200);
        problem.Run(KernelCases.Path(path));
        float[] together = problem.Output.Span.ToArray();
        for (int row = 0; row < 13; row++) problem.Run(KernelCases.Path(path), row, rowCount: 1);
        Assert.Equal(together, problem.Output.Span.ToArray());
    }

    [Theory, MemberData(nameof(Paths))]
    public void Epilogues_add_to_the_output_or_apply_gelu(string path)
    {
        using var problem = new Problem(WeightFormat.F32, rows: 6, outputs: 20, depth: 64);
        problem.Run(KernelCases.Path(path));
        float[] plain = problem.Output.Span.ToArray();

        problem.Run(KernelCases.Path(path), epilogue: GemmEpilogue.Add);
        for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i] + plain[i], problem.Output.Span[i]);

        problem.Run(KernelCases.Path(path), epilogue: GemmEpilogue.Gelu);
        for (int i = 0; i < plain.Length; i++) Assert.Equal(GeluTests.Exact(plain[i]), problem.Output.Span[i], 1e-5);
    }

    /// <summary>A random A, W and bias, with the exact result computed in double precision.</summary>
    private sealed class Problem : IDisposable
    {
        private readonly int _rows;
        private readonly int _outputs;
        private readonly int _depth;
        private readonly GuardedBuffer<float> _input;
        private readonly GuardedBuffer<float> _bias;
        private readonly float[] _weights;
        private readonly PackedMatrix _packed;

        public Problem(WeightFormat format, int rows, int outputs, int depth)
        {
            (_rows, _outputs, _depth) = (rows, outputs, depth);
            _input = GuardedBuffer<float>.Random(rows * depth, seed: depth);
            _bias = GuardedBuffer<float>.Random(outputs, seed: 3);
            Output = new GuardedBuffer<float>(rows * outputs);
            using var weights = GuardedBuffer<float>.Random(outputs * depth, seed: depth + 1);
            _weights = weights.Span.ToArray();
            if (format == WeightFormat.BF16)
            {
                for (int i = 0; i < _weights.Length; i++) _weights[i] = (BFloat16)_weights[i];
            }

            _packed = new PackedMatrix(format, outputs, depth);
            for (int n = 0; n < outputs; n++) _packed.SetRow(n, _weights.AsSpan(n * depth, depth));
        }

        public GuardedBuffer<float> Output { get; }

        public void Run(KernelPath path, int firstRow = 0, int? rowCount = null, GemmEpilogue epilogue = GemmEpilogue.Store)
        {
            var operands = new GemmOperands
            {
                Input = _input.Pointer,
                InputStride = _depth,
                RowCount = _rows,
                Bias = _bias.Pointer,
                Output = Output.Pointer,
                OutputStride = _outputs,
                Epilogue = epilogue,
            };
            Gemm.Run(operands.Rows(firstRow, rowCount ?? _rows), _packed, 0, _packed.PanelCount, path);
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
            Output.Dispose();
        }
    }
}
