using BenchmarkDotNet.Attributes;
using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>One query of one head on one thread: in an encoder window, and in the decoder after 16 s, 3 min and 20 min of audio.</summary>
public unsafe class AttentionBenchmark
{
    private AlignedBuffer<float>? _query;
    private AlignedBuffer<float>? _scores;
    private AlignedBuffer<float>? _output;
    private AlignedBuffer<float>? _floats;
    private AlignedBuffer<BFloat16>? _halves;

    public static IEnumerable<AttentionCase> Cases { get; } =
    [
        new("encoder window, F32", 104, 64, IsHalf: false),
        new("decoder, BF16", 256, 128, IsHalf: true),
        new("decoder, BF16", 2560, 128, IsHalf: true),
        new("decoder, BF16", 16384, 128, IsHalf: true),
        new("decoder, F32", 256, 128, IsHalf: false),
    ];

    [ParamsSource(nameof(Cases))]
    public AttentionCase Work { get; set; } = Cases.First();

    [GlobalSetup]
    public void Setup()
    {
        long length = 2L * Work.KeyCount * Work.HeadWidth;
        _query = RandomBuffers.Create(Work.HeadWidth, seed: 1);
        _scores = new AlignedBuffer<float>(Work.KeyCount);
        _output = new AlignedBuffer<float>(Work.HeadWidth);
        _floats = RandomBuffers.Create(length, seed: 2);
        _halves = new AlignedBuffer<BFloat16>(length);
        for (int i = 0; i < length; i++) _halves.Pointer[i] = (BFloat16)_floats.Pointer[i];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _query?.Dispose();
        _scores?.Dispose();
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
            PageLength = int.MaxValue,
            KeyOffset = 0,
            ValueOffset = (long)Work.KeyCount * Work.HeadWidth,
            PositionStride = Work.HeadWidth,
            Count = Work.KeyCount,
            HeadWidth = Work.HeadWidth,
        };
        if (Work.IsHalf) Kernels.Attention.Run<BFloat16>(_query!.Pointer, keys, 0.1f, _scores!.Pointer, _output!.Pointer, KernelPaths.Selected);
        else Kernels.Attention.Run<float>(_query!.Pointer, keys, 0.1f, _scores!.Pointer, _output!.Pointer, KernelPaths.Selected);
    }

    /// <summary>A number of keys and their width.</summary>
    public sealed record AttentionCase(string Use, int KeyCount, int HeadWidth, bool IsHalf)
        : KernelWork($"{Use}, {KeyCount} keys of {HeadWidth}", 4.0 * KeyCount * HeadWidth, 0);
}
