using Steno.Audio.Decoders;

namespace Steno.Audio;

/// <summary>Opens any audio that Steno reads as one stream of mono samples at 16 kHz.</summary>
internal static class AudioInput
{
    private const int ShortestWavBytes = 12;

    /// <summary>Opens a stream.</summary>
    /// <param name="stream">Stands at the first byte; need not be able to seek.</param>
    /// <param name="options">What it holds and what to take of it. <see cref="AudioEncoding.Auto"/> is a file of the format whose signature it begins with, else raw 16-bit samples.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed, or when opening fails.</param>
    /// <param name="cancellationToken">Stops the wait for the first bytes.</param>
    /// <exception cref="AudioFormatException">The audio is broken, too long or in a format that nothing on this machine reads.</exception>
    /// <remarks>
    /// No sample at all is not an error here: the reader is then at its end at once. After a cancelled read the reader can only
    /// be disposed.
    /// </remarks>
    public static ValueTask<SampleReader> OpenAsync(Stream stream, AudioInputOptions options, bool leaveOpen, CancellationToken cancellationToken) =>
        OpenAsync(new ByteSource(stream, leaveOpen), options, isFile: false, childPath: null, cancellationToken);

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path; messages begin with it.</param>
    /// <param name="options">What it holds and what to take of it. <see cref="AudioEncoding.Auto"/> is a file of any format: one of raw samples has to be named as such.</param>
    /// <param name="cancellationToken">Stops the wait for the first bytes.</param>
    /// <exception cref="AudioFormatException">The file is broken, too long or in a format that nothing on this machine reads.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a directory.</exception>
    public static async ValueTask<SampleReader> OpenFileAsync(string path, AudioInputOptions options, CancellationToken cancellationToken)
    {
        // On the pool, because opening a named pipe blocks until it has a writer.
        FileStream stream = await Task.Run(() => Open(path), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        return await OpenAsync(new ByteSource(stream, leaveOpen: false, path), options, isFile: true, ChildPath.Of(stream, path), cancellationToken).ConfigureAwait(false);
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    private static async ValueTask<SampleReader> OpenAsync(ByteSource source, AudioInputOptions options, bool isFile, string? childPath, CancellationToken cancellationToken)
    {
        SampleReader? reader = null;
        try
        {
            reader = await OpenReaderAsync(source, options, isFile, childPath, cancellationToken).ConfigureAwait(false);
            if (options.Damage is { } damage) reader = new SalvageReader(reader, damage, source.Fault);
            reader = new DurationLimit(reader, options.MaxDuration, source.Fault);
            return reader.SampleRateHz == LogMelSpectrogram.SampleRateHz ? reader : new Resampler(reader, LogMelSpectrogram.SampleRateHz);
        }
        catch
        {
            reader?.Dispose();
            source.Dispose();
            throw;
        }
    }

    private static async ValueTask<SampleReader> OpenReaderAsync(ByteSource source, AudioInputOptions options, bool isFile, string? childPath, CancellationToken cancellationToken)
    {
        switch (options.Encoding)
        {
            case AudioEncoding.Pcm16:
                return OnlyTrack(source, options, "raw samples have", () => new PcmReader(source, WavEncoding.Pcm16));
            case AudioEncoding.Float32:
                return OnlyTrack(source, options, "raw samples have", () => new PcmReader(source, WavEncoding.Float32));
            case AudioEncoding.Auto:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Encoding, "There is no such audio encoding.");
        }

        await AudioFileSignature.FillAsync(source, cancellationToken).ConfigureAwait(false);
        AudioContainer? container = AudioFileSignature.Find(source.Buffered);
        bool isWav = container is null && (AudioFileSignature.IsWav(source.Buffered) || (isFile && source.Buffered.Length < ShortestWavBytes));
        if (container is null && ForeignFile.Find(source.Buffered, source.IsAtEnd, isWav) is { } foreign)
            throw source.Fault($"this is no audio but {foreign}. If it holds raw samples all the same, say which: --input-format s16le or f32le (AudioEncoding).");
        if (isWav)
        {
            WavReader reader = await WavReader.OpenAsync(source, cancellationToken, allowsCut: options.Damage is not null).ConfigureAwait(false);
            return OnlyTrack(source, options, "a WAV file has", () => reader);
        }

        if (isFile) container ??= AudioFileSignature.GuessInFile(source.Buffered) ?? AudioContainer.Unknown;
        if (container is not null)
        {
            var decoder = new AudioDecoder(source, childPath, container, options);
            return await decoder.OpenAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!source.IsAtEnd || !source.Buffered.IsEmpty) options.OnRawAssumed?.Invoke();
        return OnlyTrack(source, options, "raw samples have", () => new PcmReader(source, WavEncoding.Pcm16));
    }

    private static SampleReader OnlyTrack(ByteSource source, AudioInputOptions options, string subject, Func<SampleReader> create) =>
        options.Track == 1 ? create() : throw source.Fault($"there is no audio track {options.Track}: {subject} only one.");
}
