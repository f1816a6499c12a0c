namespace Steno.Audio;

/// <summary>Passes on what can be decoded of damaged audio: a fault ends it, and is taken note of.</summary>
/// <param name="reader">Samples at any rate; owned.</param>
/// <param name="damage">Takes note.</param>
/// <param name="fault">Makes the exception of a message.</param>
internal sealed class SalvageReader(SampleReader reader, DamageLog damage, Func<string, AudioFormatException> fault) : SampleReader
{
    private long _sampleCount;
    private bool _isAtEnd;

    /// <inheritdoc/>
    public override int SampleRateHz => reader.SampleRateHz;

    /// <inheritdoc/>
    public override long? ClaimedSampleCount => reader.ClaimedSampleCount;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        if (_isAtEnd) return 0;
        try
        {
            int count = await reader.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
            _sampleCount += count;
            if (count > 0) return count;
        }
        catch (AudioFormatException exception) when (exception.Damage is not null)
        {
            damage.Add(exception);
        }

        _isAtEnd = true;
        if (_sampleCount == 0 && damage.First is { } first) throw fault($"{first.Reason}; nothing can be decoded.");
        damage.End((double)_sampleCount / SampleRateHz);
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) reader.Dispose();
    }
}
