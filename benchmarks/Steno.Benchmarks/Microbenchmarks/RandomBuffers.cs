using Steno.Tensors;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>Inputs for kernels.</summary>
internal static class RandomBuffers
{
    /// <summary>Values from -1 to 1; the caller disposes the buffer.</summary>
    public static AlignedBuffer<float> Create(long length, int seed)
    {
        var random = new Random(seed);
        var buffer = new AlignedBuffer<float>(length);
        foreach (ref float value in buffer.Span) value = (random.NextSingle() * 2) - 1;
        return buffer;
    }
}
