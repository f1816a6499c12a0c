using System.Runtime.CompilerServices;
using Steno.Audio;
using Steno.Speech;

namespace Steno;

/// <summary>Finds where somebody speaks in a recording. Needs no model, and holds no more of the audio than a moment of it.</summary>
public static class VoiceActivity
{
    // A quarter of a second: short enough for a cancellation to be noticed at once.
    private const int BlockLength = 4096;

    /// <summary>Finds the speech in an audio file.</summary>
    /// <param name="path">A file of any format that Steno transcribes.</param>
    /// <param name="options">What counts as speech; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work within 100 ms.</param>
    /// <returns>The spans in their order, without overlap, each as soon as it is certain.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="AudioFormatException">The audio is broken, empty, or in a format that Steno does not read; thrown while the spans are read.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read; thrown while the spans are read.</exception>
    public static IAsyncEnumerable<SpeechSpan> DetectAsync(string path, VoiceActivityOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Detect(new AudioSource(path, AudioEncoding.Auto), options ?? new VoiceActivityOptions(), null, cancellationToken);
    }

    /// <summary>Finds the speech in a stream.</summary>
    /// <param name="audio">Read from where it stands; need not be able to seek, and stays open.</param>
    /// <param name="encoding">How its bytes are read.</param>
    /// <param name="options">What counts as speech; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work within 100 ms.</param>
    /// <returns>The spans in their order, without overlap, each as soon as it is certain.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="AudioFormatException">The audio is broken, empty, or in a format that Steno does not read; thrown while the spans are read.</exception>
    public static IAsyncEnumerable<SpeechSpan> DetectAsync(Stream audio, AudioEncoding encoding = AudioEncoding.Auto, VoiceActivityOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        return Detect(new AudioSource("the audio", encoding, () => audio), options ?? new VoiceActivityOptions(), null, cancellationToken);
    }

    /// <summary>Finds the speech in samples.</summary>
    /// <param name="samples">16 kHz mono, nominally in [-1, 1].</param>
    /// <param name="options">What counts as speech; null for the defaults.</param>
    /// <returns>The spans in their order, without overlap.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static IReadOnlyList<SpeechSpan> Detect(ReadOnlySpan<float> samples, VoiceActivityOptions? options = null)
    {
        options ??= new VoiceActivityOptions();
        var spans = new List<SampleSpan>();
        SpeechSettings settings = options.ToSettings();
        using IVoiceActivityDetector detector = options.CreateDetector();
        var finder = new SpeechFinder(detector, settings);
        finder.Push(samples, spans);
        finder.Complete(spans);
        return spans.ConvertAll(ToTime);
    }

    /// <summary>Finds the speech in a recording.</summary>
    /// <param name="source">The recording; a stream stays open.</param>
    /// <param name="options">What counts as speech.</param>
    /// <param name="onEnd">Told how long the recording was, before the last spans.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal static IAsyncEnumerable<SpeechSpan> Detect(AudioSource source, VoiceActivityOptions options, Action<TimeSpan>? onEnd, CancellationToken cancellationToken)
    {
        SpeechSettings settings = options.ToSettings();
        return FindAsync(source, options, settings, onEnd, cancellationToken);
    }

    private static async IAsyncEnumerable<SpeechSpan> FindAsync(AudioSource source, VoiceActivityOptions options, SpeechSettings settings, Action<TimeSpan>? onEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var inputOptions = new AudioInputOptions { Encoding = source.Encoding, Track = options.AudioTrack, MaxDuration = options.MaxDuration, OnRawAssumed = options.OnRawAssumed };
        using SampleReader reader = source.OpenStream() is { } stream
            ? await AudioInput.OpenAsync(stream, inputOptions, leaveOpen: source.Path is null, cancellationToken).ConfigureAwait(false)
            : await AudioInput.OpenFileAsync(source.Name, inputOptions, cancellationToken).ConfigureAwait(false);
        using IVoiceActivityDetector detector = options.CreateDetector();
        var finder = new SpeechFinder(detector, settings);
        var spans = new List<SampleSpan>();
        float[] block = new float[BlockLength];
        long sampleCount = 0;
        bool isAtEnd = false;
        while (!isAtEnd)
        {
            int count = await reader.ReadAsync(block, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            isAtEnd = count == 0;
            sampleCount += count;
            if (isAtEnd && sampleCount == 0) throw new AudioFormatException("The audio is empty: it has no samples.");
            if (isAtEnd)
            {
                onEnd?.Invoke(ToTime(sampleCount));
                finder.Complete(spans);
            }
            else
            {
                finder.Push(block.AsSpan(0, count), spans);
            }

            foreach (SampleSpan span in spans) yield return ToTime(span);
            spans.Clear();
        }
    }

    private static SpeechSpan ToTime(SampleSpan span) => new(ToTime(span.Start), ToTime(span.End));

    private static TimeSpan ToTime(long sampleCount) => TimeSpan.FromTicks(sampleCount * TimeSpan.TicksPerSecond / LogMelSpectrogram.SampleRateHz);
}
