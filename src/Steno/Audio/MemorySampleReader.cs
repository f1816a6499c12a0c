namespace Steno.Audio;

/// <summary>Samples that a caller already has in memory: 16 kHz, mono.</summary>
internal sealed class MemorySampleReader(ReadOnlyMemory<float> samples) : SampleReader
{
    private int _position;

    public override int SampleRateHz => LogMelSpectrogram.SampleRateHz;

    public override ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int count = Math.Min(destination.Length, samples.Length - _position);
        ReadOnlySpan<float> source = samples.Span.Slice(_position, count);
        for (int i = 0; i < source.Length; i++)
        {
            if (!float.IsFinite(source[i])) throw new AudioFormatException($"Sample {_position + i} is {source[i]}; every sample must be a finite number, nominally in [-1, 1].");
        }

        source.CopyTo(destination.Span);
        _position += count;
        return ValueTask.FromResult(count);
    }

    protected override void Dispose(bool disposing)
    {
    }
}
