namespace Steno.Audio;

/// <summary>Opens any audio that Steno reads as one stream of mono samples at 16 kHz.</summary>
internal static class AudioInput
{
    /// <summary>Opens a stream.</summary>
    /// <param name="stream">Stands at the first byte; need not be able to seek.</param>
    /// <param name="encoding">What it holds. <see cref="AudioEncoding.Auto"/> is a WAV file when it begins like one, else raw 16-bit samples.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed, or when opening fails.</param>
    /// <param name="cancellationToken">Stops the wait for the first bytes.</param>
    /// <exception cref="AudioFormatException">The audio is broken or in a format that Steno does not read.</exception>
    /// <remarks>
    /// No sample at all is not an error here: the reader is then at its end at once. After a cancelled read the reader can only
    /// be disposed.
    /// </remarks>
    public static ValueTask<SampleReader> OpenAsync(Stream stream, AudioEncoding encoding, bool leaveOpen, CancellationToken cancellationToken) =>
        OpenAsync(new ByteSource(stream, leaveOpen), encoding, isFile: false, cancellationToken);

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path; messages begin with it.</param>
    /// <param name="encoding">What it holds. <see cref="AudioEncoding.Auto"/> is a WAV file: a file of raw samples has to be named as such.</param>
    /// <param name="cancellationToken">Stops the wait for the first bytes.</param>
    /// <exception cref="AudioFormatException">The file is broken or in a format that Steno does not read.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a directory.</exception>
    public static async ValueTask<SampleReader> OpenFileAsync(string path, AudioEncoding encoding, CancellationToken cancellationToken)
    {
        // On the pool, because opening a named pipe blocks until it has a writer.
        FileStream stream = await Task.Run(() => Open(path), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        return await OpenAsync(new ByteSource(stream, leaveOpen: false, path), encoding, isFile: true, cancellationToken).ConfigureAwait(false);
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    private static async ValueTask<SampleReader> OpenAsync(ByteSource source, AudioEncoding encoding, bool isFile, CancellationToken cancellationToken)
    {
        try
        {
            SampleReader reader = await OpenReaderAsync(source, encoding, isFile, cancellationToken).ConfigureAwait(false);
            return reader.SampleRateHz == LogMelSpectrogram.SampleRateHz ? reader : new Resampler(reader, LogMelSpectrogram.SampleRateHz);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static async ValueTask<SampleReader> OpenReaderAsync(ByteSource source, AudioEncoding encoding, bool isFile, CancellationToken cancellationToken)
    {
        switch (encoding)
        {
            case AudioEncoding.Pcm16:
                return new PcmReader(source, WavEncoding.Pcm16);
            case AudioEncoding.Float32:
                return new PcmReader(source, WavEncoding.Float32);
            case AudioEncoding.Auto:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "There is no such audio encoding.");
        }

        await source.FillAsync(AudioFileSignature.LookAheadBytes, cancellationToken).ConfigureAwait(false);
        if (isFile || BeginsLikeWav(source.Buffered)) return await WavReader.OpenAsync(source, cancellationToken).ConfigureAwait(false);
        if (AudioFileSignature.Find(source.Buffered) is not null) throw source.Fault(AudioFileSignature.Describe(source.Buffered));
        return new PcmReader(source, WavEncoding.Pcm16);
    }

    private static bool BeginsLikeWav(ReadOnlySpan<byte> start) =>
        start.StartsWith("RIFF"u8) || start.StartsWith("RF64"u8) || start.StartsWith("BW64"u8);
}
