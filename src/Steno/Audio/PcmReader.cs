namespace Steno.Audio;

/// <summary>Reads raw mono samples at 16 kHz as they come: signed 16-bit integers or 32-bit floats, little-endian.</summary>
internal sealed class PcmReader : SampleReader
{
    private readonly ByteSource _source;
    private readonly WavFormat _format;
    private readonly FrameDecoder _decoder;

    /// <summary>Reads <paramref name="source"/>, which it owns, to its end.</summary>
    /// <param name="source">Stands at the first sample.</param>
    /// <param name="encoding"><see cref="WavEncoding.Pcm16"/> or <see cref="WavEncoding.Float32"/>.</param>
    public PcmReader(ByteSource source, WavEncoding encoding)
    {
        _source = source;
        _format = new WavFormat(encoding, ChannelCount: 1, LogMelSpectrogram.SampleRateHz, encoding == WavEncoding.Pcm16 ? sizeof(short) : sizeof(float));
        _decoder = new FrameDecoder(_format, source.Fault);
    }

    /// <inheritdoc/>
    public override int SampleRateHz => _format.SampleRateHz;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        int available = await _source.FillAsync(_format.BytesPerSample, cancellationToken).ConfigureAwait(false);
        if (available == 0) return 0;
        if (available < _format.BytesPerSample)
        {
            throw DamagedAudio.Fault(
                _source.Fault,
                $"{available} of the {_format.BytesPerSample} bytes of sample {_decoder.FrameCount} are there, then the raw audio ends: " +
                $"it is cut off, or it is not {_format.Encoding}");
        }

        int count = _decoder.Decode(_source.Buffered, destination.Span);
        _source.Consume(count * _format.BytesPerSample);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
    }
}
