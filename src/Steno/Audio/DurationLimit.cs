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
        if (reader.ClaimedSampleCount > _maxSampleCount) CheckClaim((double)reader.ClaimedSampleCount.Value / reader.SampleRateHz, maxDuration, fault);
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
        return _sampleCount <= _maxSampleCount ? count : throw TooLong("the audio goes on; ", _maxDuration, _fault);
    }

    /// <summary>Refuses what says of itself that it is too long.</summary>
    public static void CheckClaim(double seconds, TimeSpan maxDuration, Func<string, AudioFormatException> fault)
    {
        if (seconds > maxDuration.TotalSeconds)
            throw TooLong($"the audio says that it lasts {Text(seconds)}; ", maxDuration, fault);
    }

    /// <summary>The exception for audio that is too long.</summary>
    /// <param name="what">What tells so, with the punctuation up to the next clause.</param>
    /// <param name="maxDuration">The limit.</param>
    /// <param name="fault">Makes the exception of a message.</param>
    public static AudioFormatException TooLong(string what, TimeSpan maxDuration, Func<string, AudioFormatException> fault) =>
        fault($"{what}at most {Text(maxDuration.TotalSeconds)} is accepted. If it is meant to be that long, raise the limit (--max-duration, or MaxDuration).");

    // Such as "4.1 s", and from a minute on "1:23:45.3"; a claim may be beyond every clock.
    private static string Text(double seconds)
    {
        if (seconds is < 60 or >= 1e9) return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");
        var time = TimeSpan.FromSeconds(seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss\\.f}").Replace(".0", "", StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _reader.Dispose();
    }
}
