using BenchmarkDotNet.Attributes;
using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>One head on one thread: a tile of 8 queries in the encoder and in a prompt, and one query after 16 s, 3 min and 20 min of audio.</summary>
public unsafe class AttentionBenchmark
{
    private AlignedBuffer<float>? _queries;
    private AlignedBuffer<float>? _scratch;
    private AlignedBuffer<float>? _output;
    private AlignedBuffer<float>? _floats;
    private AlignedBuffer<BFloat16>? _halves;

    public static IReadOnlyList<AttentionCase> Cases { get; } =
    [
        new("encoder, F32", QueryCount: 8, KeyCount: 104, HeadWidth: 64, IsHalf: false),
        new("prefill, BF16", QueryCount: 8, KeyCount: 160, HeadWidth: 128, IsHalf: true),
        new("decode, BF16", QueryCount: 1, KeyCount: 256, HeadWidth: 128, IsHalf: true),
        new("decode, BF16", QueryCount: 1, KeyCount: 2560, HeadWidth: 128, IsHalf: true),
        new("decode, BF16", QueryCount: 1, KeyCount: 16384, HeadWidth: 128, IsHalf: true),
        new("decode, F32", QueryCount: 1, KeyCount: 256, HeadWidth: 128, IsHalf: false),
    ];

    [ParamsSource(nameof(Cases))]
    public AttentionCase Work { get; set; } = Cases[0];

    [GlobalSetup]
    public void Setup()
    {
        int length = checked((int)AttentionKeys.PageElements(Work.HeadWidth, PageLength));
        _queries = RandomBuffers.Create(Work.QueryCount * Work.HeadWidth, seed: 1);
        _scratch = new AlignedBuffer<float>(Attention.ScratchLength(Work.HeadWidth, Work.KeyCount));
        _output = new AlignedBuffer<float>(Work.QueryCount * Work.HeadWidth);
        _floats = RandomBuffers.Create(length, seed: 2);
        _halves = new AlignedBuffer<BFloat16>(length);
        for (int i = 0; i < length; i++) _halves.Pointer[i] = (BFloat16)_floats.Pointer[i];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _queries?.Dispose();
        _scratch?.Dispose();
        _output?.Dispose();
        _floats?.Dispose();
        _halves?.Dispose();
    }

    [Benchmark]
    public void Head()
    {
        void* page = Work.IsHalf ? _halves!.Pointer : _floats!.Pointer;
        var keys = new AttentionKeys
        {
            Pages = &page,
            PageLength = PageLength,
            KeyOffset = 0,
            ValueOffset = (long)PageLength * Work.HeadWidth,
            HeadWidth = Work.HeadWidth,
        };
        var queries = new AttentionQueries
        {
            Rows = _queries!.Pointer,
            Stride = Work.HeadWidth,
            RowCount = Work.QueryCount,
            KeyCount = Work.KeyCount,
            KeyCountStep = 0,
            Scale = 0.1f,
            Output = _output!.Pointer,
            OutputLaneStride = Work.QueryCount,
        };
        if (Work.IsHalf) Attention.Run<BFloat16>(queries, keys, _scratch!.Pointer, KernelPaths.Selected);
        else Attention.Run<float>(queries, keys, _scratch!.Pointer, KernelPaths.Selected);
    }

    // Whole panels of keys.
    private int PageLength => (Work.KeyCount + PackedMatrix.PanelWidth - 1) / PackedMatrix.PanelWidth * PackedMatrix.PanelWidth;

    /// <summary>Queries that attend to the same keys.</summary>
    public sealed record AttentionCase(string Use, int QueryCount, int KeyCount, int HeadWidth, bool IsHalf)
        : KernelWork($"{Use}, {QueryCount} x {KeyCount} x {HeadWidth}", 4.0 * QueryCount * KeyCount * HeadWidth, 0);
}
