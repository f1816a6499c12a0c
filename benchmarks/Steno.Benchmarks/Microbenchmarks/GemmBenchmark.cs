using BenchmarkDotNet.Attributes;
using Steno.Kernels;
using Steno.Model;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>Matrix products on the worker pool, as the model runs them.</summary>
public unsafe class GemmBenchmark
{
    // Many times a last-level cache: in a decode step every weight comes from memory.
    private const long ColdBytes = 256L << 20;

    // A product of so few rows takes as long as its weights take to read.
    private const int FewRows = 16;

    private readonly List<PackedMatrix> _weights = [];
    private AlignedBuffer<float>? _input;
    private readonly ActivationBuffers _buffers = new();
    private AlignedBuffer<float>? _output;
    private WorkerPool? _pool;
    private KernelRunner? _runner;
    private int _next;

    public static IEnumerable<GemmShape> Shapes => GemmShape.All;

    public static IEnumerable<int> ThreadCounts => new[] { 1, Environment.ProcessorCount }.Distinct();

    [ParamsSource(nameof(Shapes))]
    public GemmShape Work { get; set; } = GemmShape.All[0];

    [ParamsSource(nameof(ThreadCounts))]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _pool = new WorkerPool(Threads);
        _runner = new KernelRunner(_pool, KernelPaths.Selected);
        _input = RandomBuffers.Create(RowTiles.Length(Work.RowCount, Work.Depth), seed: 1);
        _output = new AlignedBuffer<float>((long)Work.RowCount * Work.OutputCount);
        long copies = Work.RowCount > FewRows ? 1 : Math.Max(1, ColdBytes / (long)Work.Bytes);
        for (long i = 0; i < copies; i++) _weights.Add(Weights());
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (PackedMatrix matrix in _weights) matrix.Dispose();
        _weights.Clear();
        _input?.Dispose();
        _output?.Dispose();
        _buffers.Dispose();
        _pool?.Dispose();
    }

    [Benchmark]
    public void Gemm()
    {
        PackedMatrix weights = _weights[_next];
        _next = (_next + 1) % _weights.Count;
        var operands = new GemmOperands
        {
            Input = _input!.Pointer,
            RowCount = Work.RowCount,
            Output = _output!.Pointer,
        };
        _runner!.Multiply(operands, weights, _buffers, CancellationToken.None);
    }

    private PackedMatrix Weights()
    {
        var matrix = new PackedMatrix(Enum.Parse<WeightFormat>(Work.Format), Work.OutputCount, Work.Depth);
        using AlignedBuffer<float> row = RandomBuffers.Create(Work.Depth, seed: 2);
        _pool!.Run(new ParallelAction(SetPanel), matrix.PanelCount, CancellationToken.None);
        return matrix;

        void SetPanel(int panel)
        {
            for (int i = panel * PackedMatrix.PanelWidth; i < Math.Min(Work.OutputCount, (panel + 1) * PackedMatrix.PanelWidth); i++) matrix.SetRow(i, row.Span);
        }
    }
}
