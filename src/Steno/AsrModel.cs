namespace Steno;

/// <summary>A loaded Qwen3-ASR model: immutable, safe to use from any number of threads at once.</summary>
public sealed class AsrModel : IDisposable
{
    /// <summary>Name of the model that ships with Steno: four languages, about 145 words; for trying things out and for tests.</summary>
    public const string BuiltInName = "tiny-asr";

    /// <summary>What this model is.</summary>
    public ModelInfo Info => throw new NotSupportedException();

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="nameOrPath">A checkpoint directory, or <see cref="BuiltInName"/>.</param>
    /// <param name="options">How to hold and run it; null for the defaults.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <exception cref="ModelFormatException">A file is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is not a Qwen3-ASR model.</exception>
    public static AsrModel Load(string nameOrPath, AsrModelOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Transcribes an audio file.</summary>
    public Task<Transcript> TranscribeAsync(string path, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Transcribes audio from a stream.</summary>
    public Task<Transcript> TranscribeAsync(Stream audio, AudioEncoding encoding = AudioEncoding.Auto, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Transcribes samples: 16 kHz mono.</summary>
    public Task<Transcript> TranscribeAsync(ReadOnlyMemory<float> samples, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Starts to transcribe an audio file.</summary>
    public Transcription Transcribe(string path, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Starts to transcribe a stream.</summary>
    public Transcription Transcribe(Stream audio, AudioEncoding encoding = AudioEncoding.Auto, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Starts to transcribe samples: 16 kHz mono.</summary>
    public Transcription Transcribe(ReadOnlyMemory<float> samples, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Releases the weights; calls under way must have ended.</summary>
    public void Dispose()
    {
    }
}
