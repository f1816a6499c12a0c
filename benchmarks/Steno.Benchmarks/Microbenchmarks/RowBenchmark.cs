using BenchmarkDotNet.Attributes;
using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>What is computed row by row, on one thread with data in the cache: one row of Qwen3-ASR-0.6B.</summary>
public unsafe class RowBenchmark
{
    private const int EncoderWidth = 896;
    private const int EncoderFeedForwardWidth = 3584;
    private const int DecoderWidth = 1024;
    private const int DecoderFeedForwardWidth = 3072;

    private AlignedBuffer<float>? _input;
    private AlignedBuffer<float>? _weight;
    private AlignedBuffer<float>? _output;

    [GlobalSetup]
    public void Setup()
    {
        _input = RandomBuffers.Create(EncoderFeedForwardWidth, seed: 1);
        _weight = RandomBuffers.Create(EncoderFeedForwardWidth, seed: 2);
        _output = RandomBuffers.Create(EncoderFeedForwardWidth, seed: 3);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _input?.Dispose();
        _weight?.Dispose();
        _output?.Dispose();
    }

    [Benchmark]
    public void LayerNorm896() => LayerNorm.Apply(_input!.Pointer, _weight!.Pointer, _weight.Pointer, _output!.Pointer, EncoderWidth, 1e-5f, KernelPaths.Selected);

    [Benchmark]
    public void RmsNorm1024() => RmsNorm.Apply(_input!.Pointer, _weight!.Pointer, _output!.Pointer, DecoderWidth, 1e-6f, KernelPaths.Selected);

    // It works in place, and applied again and again it would bring all values down to subnormal numbers; the copy takes about a hundred ns.
    [Benchmark]
    public void Gelu3584()
    {
        _input!.Span[..EncoderFeedForwardWidth].CopyTo(_output!.Span);
        Gelu.Apply(_output.Pointer, EncoderFeedForwardWidth, KernelPaths.Selected);
    }

    [Benchmark]
    public void SwiGlu3072() => SwiGlu.Apply(_input!.Pointer, _weight!.Pointer, _output!.Pointer, DecoderFeedForwardWidth, KernelPaths.Selected);
}
