using Steno.Audio;

namespace Steno.Tests.Audio;

/// <summary>Gives an array in pieces of random size.</summary>
internal sealed class ArraySampleReader(float[] samples, int sampleRateHz, int largestRead = int.MaxValue, int seed = 0) : SampleReader
{
    private readonly Random _random = new(seed);
    private int _position;

    public override int SampleRateHz => sampleRateHz;

    public bool IsDisposed { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        int limit = Math.Min(destination.Length, samples.Length - _position);
        int count = largestRead == int.MaxValue ? limit : Math.Min(limit, _random.Next(1, largestRead + 1));
        samples.AsMemory(_position, count).CopyTo(destination);
        _position += count;
        return ValueTask.FromResult(count);
    }

    protected override void Dispose(bool disposing) => IsDisposed = true;
}
