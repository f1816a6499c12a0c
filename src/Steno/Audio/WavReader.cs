namespace Steno.Audio;

/// <summary>Reads a WAV file as it comes, from any stream: mono samples at the file's own rate.</summary>
/// <remarks>
/// RIFF, RF64 and BW64. A file that is cut off, holds a second 'data' chunk or a second file, or has bytes after its samples that
/// no chunk accounts for is an error rather than a short transcript; one whose writer could not fill in the size is read to the
/// end of the stream.
/// </remarks>
internal sealed class WavReader : SampleReader
{
    /// <summary>Most bytes after the end of the RIFF form that are passed over: tags, or padding to a disk sector.</summary>
    private const long MaximumTrailingBytes = 1 << 20;

    private readonly ByteSource _source;
    private readonly RiffChunkReader _chunks;
    private readonly WavHeader _header;
    private readonly FrameDecoder _decoder;
    private bool _isAtEnd;

    private WavReader(ByteSource source, RiffChunkReader chunks, WavHeader header)
    {
        _source = source;
        _chunks = chunks;
        _header = header;
        _decoder = new FrameDecoder(header.Format, source.Fault);
    }

    /// <summary>Channels of the file.</summary>
    public int ChannelCount => _header.Format.ChannelCount;

    /// <summary>How the file stores its samples.</summary>
    public WavEncoding Encoding => _header.Format.Encoding;

    /// <inheritdoc/>
    public override int SampleRateHz => _header.Format.SampleRateHz;

    /// <inheritdoc/>
    public override long? ClaimedSampleCount => _header.DataBytes / _header.Format.BytesPerFrame;

    /// <summary>Reads the header.</summary>
    /// <param name="source">Stands at the first byte of the file; the reader owns it from the moment it is returned.</param>
    /// <param name="cancellationToken">Stops the wait for bytes.</param>
    /// <param name="allowsCut">Whether the samples may end too soon, so that this is a fault only where they do.</param>
    /// <exception cref="AudioFormatException">The file is no WAV, is broken, or is in a format that Steno does not read.</exception>
    public static async ValueTask<WavReader> OpenAsync(ByteSource source, CancellationToken cancellationToken, bool allowsCut = false)
    {
        var chunks = new RiffChunkReader(source);
        WavHeader header = await WavHeader.ReadAsync(source, chunks, allowsCut, cancellationToken).ConfigureAwait(false);
        return new WavReader(source, chunks, header);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken)
    {
        if (_isAtEnd) return 0;
        int bytesPerFrame = _header.Format.BytesPerFrame;
        long remaining = _header.DataPosition + _header.DataBytes - _source.Position ?? long.MaxValue;
        if (remaining == 0)
        {
            _isAtEnd = true;
            _chunks.EndBody(_header.DataBytes.GetValueOrDefault());
            await CheckRestAsync(cancellationToken).ConfigureAwait(false);
            return 0;
        }

        int available = (int)Math.Min(remaining, await _source.FillAsync(bytesPerFrame, cancellationToken).ConfigureAwait(false));
        if (available < bytesPerFrame)
        {
            _isAtEnd = true;
            CheckEndOfStream(available);
            return 0;
        }

        int frameCount = _decoder.Decode(_source.Buffered[..available], destination.Span);
        _source.Consume(frameCount * bytesPerFrame);
        return frameCount;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
    }

    private void CheckEndOfStream(int leftOverBytes)
    {
        long position = _source.Position - _header.DataPosition;
        if (_header.DataBytes is long claimed) throw WavHeader.CutOff(_source, claimed, position + leftOverBytes);

        // Some programs end an odd number of bytes with padding even where they do not know the size.
        bool isPadding = leftOverBytes == 1 && (position & 1) != 0 && _source.Buffered[0] == 0;
        if (leftOverBytes > 0 && !isPadding)
        {
            throw DamagedAudio.Fault(
                _source.Fault,
                $"the audio ends inside frame {_decoder.FrameCount}: {leftOverBytes} of {_header.Format.BytesPerFrame} bytes are there. It is cut off");
        }
    }

    // Looks for audio that would go unheard after the samples.
    private async ValueTask CheckRestAsync(CancellationToken cancellationToken)
    {
        while (await _chunks.NextAsync(cancellationToken).ConfigureAwait(false) is RiffChunk chunk)
        {
            if (chunk.Is("data"u8)) throw _source.Fault($"there is a second 'data' chunk at byte {chunk.Position}; Steno reads files with one.");
            if (chunk.Is("RIFF"u8) || chunk.Is("RF64"u8))
                throw _source.Fault($"a second WAV file follows at byte {chunk.Position}. Give Steno the files one by one.");
            if (!chunk.HasPlausibleId)
            {
                await CheckTrailingBytesAsync(chunk.Position, cancellationToken).ConfigureAwait(false);
                return;
            }

            await _chunks.SkipBodyAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CheckTrailingBytesAsync(long position, CancellationToken cancellationToken)
    {
        if (!(position >= _header.FormEnd))
        {
            throw _source.Fault(
                $"after the samples, at byte {position}, there are bytes that belong to no chunk: the size in the header is wrong. " +
                "Rewrite the file, for example with 'ffmpeg -i INPUT OUTPUT.wav'.");
        }

        if (await _source.SkipAsync(MaximumTrailingBytes, cancellationToken).ConfigureAwait(false) == MaximumTrailingBytes)
        {
            throw _source.Fault(
                $"the file goes on for more than {MaximumTrailingBytes} bytes after byte {position}, where its header says it ends. " +
                "The size in the header is wrong, as in WAV files beyond 4 GiB; rewrite it as RF64.");
        }
    }
}
