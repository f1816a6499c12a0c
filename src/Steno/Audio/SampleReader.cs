namespace Steno.Audio;

/// <summary>A stream of mono samples.</summary>
internal abstract class SampleReader : IDisposable
{
    /// <summary>Samples per second, always positive.</summary>
    public abstract int SampleRateHz { get; }

    /// <summary>Samples that the source claims to hold; null when it does not say. Nothing may be allocated by it.</summary>
    public virtual long? ClaimedSampleCount => null;

    /// <summary>Reads the next samples.</summary>
    /// <param name="destination">Receives samples, nominally in [-1, 1]; not empty.</param>
    /// <param name="cancellationToken">Stops a read that waits for its source.</param>
    /// <returns>Number of samples read; 0 only at the end of the audio.</returns>
    /// <exception cref="AudioFormatException">The audio is broken at this place.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken);

    /// <summary>Releases the source that the reader owns.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
