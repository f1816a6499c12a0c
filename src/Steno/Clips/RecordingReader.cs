using System.Runtime.CompilerServices;
using Steno.Audio;

namespace Steno.Clips;

/// <summary>Reads the recordings that a model is tried on.</summary>
internal static class RecordingReader
{
    /// <summary>More than this is not needed to tell whether a model works.</summary>
    private const int MaxSeconds = 30;

    /// <summary>Reads the start of a file.</summary>
    /// <exception cref="AudioFormatException">The audio is broken, empty, or in a format that Steno does not read.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static async Task<float[]> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        using SampleReader reader = await AudioInput.OpenFileAsync(path, AudioEncoding.Auto, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(reader, path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the start of a stream.</summary>
    /// <exception cref="AudioFormatException">The audio is broken, empty, or in a format that Steno does not read.</exception>
    public static async Task<float[]> ReadStreamAsync(Stream stream, CancellationToken cancellationToken)
    {
        using SampleReader reader = await AudioInput.OpenAsync(stream, AudioEncoding.Auto, leaveOpen: true, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(reader, "the recording", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a whole file in clips of about 30 seconds, cut at quiet places, as a transcription would take them.</summary>
    /// <exception cref="AudioFormatException">The audio is broken, empty, or in a format that Steno does not read.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static async IAsyncEnumerable<float[]> ReadClipsAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using SampleReader reader = await AudioInput.OpenFileAsync(path, AudioEncoding.Auto, cancellationToken).ConfigureAwait(false);
        var splitter = new AudioSplitter(reader, MaxSeconds * LogMelSpectrogram.SampleRateHz);
        while (true)
        {
            Memory<float> clip = await splitter.NextAsync(cancellationToken).ConfigureAwait(false);
            if (clip.IsEmpty && splitter.ClipStart == 0) throw Empty(path);
            if (clip.IsEmpty) yield break;
            yield return clip.ToArray();
        }
    }

    private static async Task<float[]> ReadAsync(SampleReader reader, string name, CancellationToken cancellationToken)
    {
        Memory<float> clip = await new AudioSplitter(reader, MaxSeconds * LogMelSpectrogram.SampleRateHz).NextAsync(cancellationToken).ConfigureAwait(false);
        return clip.IsEmpty ? throw Empty(name) : clip.ToArray();
    }

    private static AudioFormatException Empty(string name) => new($"{name}: the audio is empty: it has no samples.");
}
