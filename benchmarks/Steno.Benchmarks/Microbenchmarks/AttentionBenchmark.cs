using BenchmarkDotNet.Attributes;
using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>A tile of queries of one head on one thread: in an encoder window, and in the decoder after 16 s, 3 min and 20 min of audio.</summary>
public unsafe class AttentionBenchmark
{
    private AlignedBuffer<float>? _query;
    private AlignedBuffer<float>? _scratch;
    private AlignedBuffer<float>? _output;
    private AlignedBuffer<float>? _floats;
    private AlignedBuffer<BFloat16>? _halves;

    public static IEnumerable<AttentionCase> Cases { get; } =
    [
        new("encoder window, F32", 8, 112, 64, IsHalf: false),
        new("prefill, BF16", 8, 256, 128, IsHalf: true),
        new("decode step, BF16", 1, 256, 128, IsHalf: true),
        new("decode step, BF16", 1, 2560, 128, IsHalf: true),
        new("decode step, BF16", 1, 16384, 128, IsHalf: true),
        new("decode step, F32", 1, 256, 128, IsHalf: false),
    ];

    [ParamsSource(nameof(Cases))]
    public AttentionCase Work { get; set; } = Cases.First();

    [GlobalSetup]
    public void Setup()
    {
        long length = AttentionKeys.PageElements(Work.HeadWidth, Work.KeyCount);
        _query = RandomBuffers.Create((long)Work.RowCount * Work.HeadWidth, seed: 1);
        _scratch = new AlignedBuffer<float>(Kernels.Attention.ScratchLength(Work.HeadWidth, Work.KeyCount, headCount: 1));
        _output = new AlignedBuffer<float>((long)TileKernel.Height * Work.HeadWidth);
        _floats = RandomBuffers.Create(length, seed: 2);
        _halves = new AlignedBuffer<BFloat16>(length);
        for (int i = 0; i < length; i++) _halves.Pointer[i] = (BFloat16)_floats.Pointer[i];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _query?.Dispose();
        _scratch?.Dispose();
        _output?.Dispose();
        _floats?.Dispose();
        _halves?.Dispose();
    }

    [Benchmark]
    public void Attention()
    {
        void* page = Work.IsHalf ? _halves!.Pointer : _floats!.Pointer;
        var keys = new AttentionKeys
        {
            Pages = &page,
            PageLength = Work.KeyCount,
            KeyOffset = 0,
            ValueOffset = (long)Work.KeyCount * Work.HeadWidth,
            HeadWidth = Work.HeadWidth,
        };
        var queries = new AttentionQueries
        {
            Rows = _query!.Pointer,
            HeadCount = 1,
            Stride = Work.HeadWidth,
            RowCount = Work.RowCount,
            KeyCount = Work.KeyCount,
            KeyCountStep = 0,
            Scale = 0.1f,
            Output = _output!.Pointer,
            OutputLaneStride = TileKernel.Height,
            OutputRowStride = 1,
        };
        if (Work.IsHalf) Kernels.Attention.Run<BFloat16>(queries, keys, _scratch!.Pointer, KernelPaths.Selected);
        else Kernels.Attention.Run<float>(queries, keys, _scratch!.Pointer, KernelPaths.Selected);
    }

    /// <summary>Numbers of queries and keys, a multiple of 16, and their width.</summary>
    public sealed record AttentionCase(string Use, int RowCount, int KeyCount, int HeadWidth, bool IsHalf)
        : KernelWork($"{Use}, {KeyCount} keys of {HeadWidth}", 4.0 * RowCount * KeyCount * HeadWidth, 0);
}
