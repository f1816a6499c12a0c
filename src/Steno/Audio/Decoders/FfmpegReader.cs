using Steno.Audio.Containers;

namespace Steno.Audio.Decoders;

/// <summary>Reads audio by ffmpeg, and holds what it gave against what it said.</summary>
internal sealed class FfmpegReader : SampleReader
{
    private readonly WavReader _reader;
    private readonly FfmpegReport _report;
    private readonly ByteSource _source;
    private readonly ContainerWalk? _walk;
    private readonly bool _endsAtDamage;
    private long _sampleCount;

    /// <summary>Wraps what ffmpeg writes.</summary>
    /// <param name="reader">The WAV; owned.</param>
    /// <param name="report">What ffmpeg says.</param>
    /// <param name="source">Its input, for messages.</param>
    /// <param name="walk">Knows the input; null when nothing is known.</param>
    /// <param name="endsAtDamage">Whether a complaint ends the audio at once, before what was decoded before it is read: that may be hours.</param>
    public FfmpegReader(WavReader reader, FfmpegReport report, ByteSource source, ContainerWalk? walk, bool endsAtDamage)
    {
        _reader = reader;
        _report = report;
        _source = source;
        _walk = walk;
        _endsAtDamage = endsAtDamage;
    }

    /// <inheritdoc/>
    public override int SampleRateHz => _reader.SampleRateHz;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        if (_endsAtDamage && _report.HasDamage) throw Complaint();
        int count;
        try
        {
            count = await _reader.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (AudioFormatException exception) when (exception.Damage is not null)
        {
            exception.DamageSeconds ??= _report.DamageSeconds(IsExplained);
            throw;
        }

        _sampleCount += count;
        if (count == 0) CheckEnd();
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _reader.Dispose();
    }

    private void CheckEnd()
    {
        if (_report.Summary(IsExplained) is not null) throw Complaint();
        double decoded = (double)_sampleCount / SampleRateHz;
        if (_report.MissedSeconds(decoded) is { } stated)
            throw DamagedAudio.Fault(_source.Fault, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the file says that it lasts {stated:F1} s, but {decoded:F1} s can be decoded: it is cut off or damaged"));
    }

    private bool IsExplained(ComplaintKind complaint) => _walk?.Explains(complaint, (double)_sampleCount / SampleRateHz) == true;

    private AudioFormatException Complaint() =>
        DamagedAudio.Fault(_source.Fault, $"ffmpeg found damage: {_report.Summary(IsExplained)}", _report.DamageSeconds(IsExplained));
}
