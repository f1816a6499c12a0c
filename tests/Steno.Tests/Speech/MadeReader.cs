using Steno.Audio;

namespace Steno.Tests.Speech;

/// <summary>A recording of any length that is made while it is read, in reads of random length.</summary>
internal sealed class MadeReader(long sampleCount, int seed, Action<long, Memory<float>>? fill = null) : SampleReader
{
    private readonly Random _random = new(seed);
    private long _position;

    public override int SampleRateHz => 16_000;

    public override ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        int count = (int)Math.Min(_random.Next(1, destination.Length + 1), sampleCount - _position);
        Memory<float> samples = destination[..count];
        if (fill is null) samples.Span.Clear();
        else fill(_position, samples);
        _position += count;
        return ValueTask.FromResult(count);
    }

    protected override void Dispose(bool disposing)
    {
    }
}
