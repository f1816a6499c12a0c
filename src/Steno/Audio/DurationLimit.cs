using System.Globalization;

namespace Steno.Audio;

/// <summary>Passes samples on until they last longer than is allowed; that is then an error, not an end.</summary>
internal sealed class DurationLimit : SampleReader
{
    private readonly SampleReader _reader;
    private readonly TimeSpan _maxDuration;
    private readonly Func<string, AudioFormatException> _fault;
    private readonly long _maxSampleCount;
    private long _sampleCount;

    /// <summary>Wraps <paramref name="reader"/> and owns it from the moment the constructor returns.</summary>
    /// <param name="reader">Samples at any rate.</param>
    /// <param name="maxDuration">Longest audio that is passed on.</param>
    /// <param name="fault">Makes the exception of a message.</param>
    /// <exception cref="AudioFormatException">The source claims more.</exception>
    public DurationLimit(SampleReader reader, TimeSpan maxDuration, Func<string, AudioFormatException> fault)
    {
        _reader = reader;
        _maxDuration = maxDuration;
        _fault = fault;
        _maxSampleCount = (long)Math.Min(long.MaxValue / 2, Math.Floor(maxDuration.TotalSeconds * reader.SampleRateHz));
        if (reader.ClaimedSampleCount > _maxSampleCount)
        {
            double hours = reader.ClaimedSampleCount.Value / (3600.0 * reader.SampleRateHz);
            throw TooLong(string.Create(CultureInfo.InvariantCulture, $"the audio says that it lasts {hours:F1} hours; "));
        }
    }

    /// <inheritdoc/>
    public override int SampleRateHz => _reader.SampleRateHz;

    /// <inheritdoc/>
    public override long? ClaimedSampleCount => _reader.ClaimedSampleCount;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        int count = await _reader.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        _sampleCount += count;
        return _sampleCount <= _maxSampleCount ? count : throw TooLong("the audio goes on; ");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _reader.Dispose();
    }

    private AudioFormatException TooLong(string what) =>
        _fault($"{what}at most {_maxDuration.ToString("c", CultureInfo.InvariantCulture)} is accepted. If it is meant to be that long, raise the limit (--max-duration, or MaxDuration).");
}
