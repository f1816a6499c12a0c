using Steno.Audio;
using Steno.Engine;
using Steno.Loading;
using Steno.Model;

namespace Steno;

/// <summary>A loaded Qwen3-ASR model: immutable, safe to use from any number of threads at once.</summary>
/// <remarks>
/// One thread computes for all calls: those at the same time go through the networks together, which takes much less time than one after the other,
/// and gives each the text that it has alone. Their KV caches share the memory of <see cref="AsrModelOptions.CacheMemory"/>.
/// </remarks>
public sealed class AsrModel : IDisposable
{
    /// <summary>Name of the model that ships with Steno: four languages, about 145 words; for trying things out and for tests.</summary>
    public const string BuiltInName = "tiny-asr";

    private readonly LoadedModel _model;
    private readonly LogMelSpectrogram _mel;
    private readonly EngineLoop _engine;

    // The owner's use and one for each call: the weights go when it reaches zero.
    private int _useCount = 1;
    private int _isDisposed;

    private AsrModel(string name, LoadedModel model, AsrModelOptions options)
    {
        _model = model;
        _mel = new LogMelSpectrogram(model.Config.Audio.MelBinCount);
        var pages = new KvPagePool(model.Config.Text, options.KvCache, options.CacheMemory ?? FreeMemory.CacheBytes);
        var backend = new NetworkBackend(model.Config, model.AudioEncoder, model.TextDecoder);
        _engine = new EngineLoop(new StepEngine(backend, pages), model.Runner.Pool.Turns);
        Info = ModelDescription.Create(name, model, options.KvCache, pages.MaxBytes);
    }

    /// <summary>What this model is.</summary>
    public ModelInfo Info { get; }

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="nameOrPath">
    /// A checkpoint directory in the layout of a HuggingFace repository, its weights plain or quantised by MLX, ModelOpt or compressed-tensors; a GGUF file of CrispASR, qwen3-asr.cpp, qwenasr.cpp or llama.cpp, of whose
    /// two files either may be named; the name of a model in <see cref="ModelStore.Default"/>, such as <c>0.6b</c> or <c>OWNER/REPOSITORY</c>; or
    /// <see cref="BuiltInName"/>. A short name always means the store: <c>./0.6b</c> is a directory.
    /// </param>
    /// <param name="options">How to hold and run it; null for the defaults.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <exception cref="ModelFormatException">The model is not installed, or a file of it is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is not a Qwen3-ASR model, or in a variant that Steno does not run.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options ask for an impossible number of threads, or for no memory.</exception>
    /// <exception cref="NotSupportedException">The environment variable STENO_KERNEL names no kernel path of this machine.</exception>
    public static AsrModel Load(string nameOrPath, AsrModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        options ??= new AsrModelOptions();
        if (options.CacheMemory is { } cacheMemory) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cacheMemory, nameof(options));
        LoadedModel model = LoadedModel.Load(ModelLocation.PathOf(nameOrPath), options.Weights, options.ThreadCount, cancellationToken, options.CompanionPath, options.Adapters);
        return new AsrModel(nameOrPath, model, options);
    }

    /// <summary>Transcribes an audio file.</summary>
    /// <param name="path">A file of any format: WAV is read by Steno itself, all others by libsndfile or ffmpeg, where they are installed.</param>
    /// <param name="options">What to do; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work within 100 ms.</param>
    /// <exception cref="AudioFormatException">The audio is broken, empty, too long, or in a format that nothing on this machine reads.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="ArgumentException">An option is not valid, such as an unknown language.</exception>
    public Task<Transcript> TranscribeAsync(string path, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        Transcribe(path, options, cancellationToken).Completion;

    /// <summary>Transcribes audio from a stream.</summary>
    /// <param name="audio">Stands at the first byte; need not be able to seek; is not closed.</param>
    /// <param name="encoding">What the stream holds.</param>
    /// <param name="options">What to do; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work within 100 ms.</param>
    /// <exception cref="AudioFormatException">The audio is broken, empty, too long, or in a format that nothing on this machine reads.</exception>
    /// <exception cref="ArgumentException">An option is not valid, such as an unknown language.</exception>
    public Task<Transcript> TranscribeAsync(Stream audio, AudioEncoding encoding = AudioEncoding.Auto, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        Transcribe(audio, encoding, options, cancellationToken).Completion;

    /// <summary>Transcribes samples.</summary>
    /// <param name="samples">16 kHz mono, nominally in [-1, 1]; must not change until the work is done.</param>
    /// <param name="options">What to do; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work within 100 ms.</param>
    /// <exception cref="AudioFormatException">There are no samples, or one is not a finite number.</exception>
    /// <exception cref="ArgumentException">An option is not valid, such as an unknown language.</exception>
    public Task<Transcript> TranscribeAsync(ReadOnlyMemory<float> samples, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        Transcribe(samples, options, cancellationToken).Completion;

    /// <summary>Starts to transcribe an audio file; the text can be read while it is decoded.</summary>
    /// <param name="path">A file of any format: WAV is read by Steno itself, all others by libsndfile or ffmpeg, where they are installed.</param>
    /// <param name="options">What to do; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work within 100 ms.</param>
    /// <exception cref="ArgumentException">An option is not valid, such as an unknown language.</exception>
    public Transcription Transcribe(string path, TranscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Start((damage, token) => AudioInput.OpenFileAsync(path, InputOptions(AudioEncoding.Auto, options, damage), token), options, cancellationToken);
    }

    /// <summary>Starts to transcribe a stream; the text can be read while it is decoded.</summary>
    /// <param name="audio">Stands at the first byte; need not be able to seek; is not closed.</param>
    /// <param name="encoding">What the stream holds.</param>
    /// <param name="options">What to do; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work within 100 ms.</param>
    /// <exception cref="ArgumentException">An option is not valid, such as an unknown language.</exception>
    public Transcription Transcribe(Stream audio, AudioEncoding encoding = AudioEncoding.Auto, TranscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        return Start((damage, token) => AudioInput.OpenAsync(audio, InputOptions(encoding, options, damage), leaveOpen: true, token), options, cancellationToken);
    }

    /// <summary>Starts to transcribe samples; the text can be read while it is decoded.</summary>
    /// <param name="samples">16 kHz mono, nominally in [-1, 1]; must not change until the work is done.</param>
    /// <param name="options">What to do; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work within 100 ms.</param>
    /// <exception cref="ArgumentException">An option is not valid, such as an unknown language.</exception>
    public Transcription Transcribe(ReadOnlyMemory<float> samples, TranscribeOptions? options = null, CancellationToken cancellationToken = default) =>
        Start((_, _) => ValueTask.FromResult<SampleReader>(new MemorySampleReader(samples)), options, cancellationToken);

    /// <summary>Releases the weights, once the calls under way have ended; new calls are refused at once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) EndUse();
    }

    private static AudioInputOptions InputOptions(AudioEncoding encoding, TranscribeOptions? options, DamageLog? damage)
    {
        options ??= new TranscribeOptions();
        return new AudioInputOptions { Encoding = encoding, Track = options.AudioTrack, MaxDuration = options.MaxDuration, Damage = damage, OnRawAssumed = options.OnRawAssumed };
    }

    private Transcription Start(Func<DamageLog?, CancellationToken, ValueTask<SampleReader>> open, TranscribeOptions? options, CancellationToken cancellationToken)
    {
        options ??= new TranscribeOptions();
        if (options.MaxTokens is { } maxTokens) ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AudioTrack, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.MaxDuration, TimeSpan.Zero, nameof(options));
        BeginUse();
        try
        {
            string? language = Decoding.Languages.Normalize(options.Language, _model.Languages);
            return new Transcription((onText, token) => RunAsync(open, options, language, onText, token), EndUse, cancellationToken);
        }
        catch
        {
            EndUse();
            throw;
        }
    }

    private async Task<Transcript> RunAsync(Func<DamageLog?, CancellationToken, ValueTask<SampleReader>> open, TranscribeOptions options, string? language, Action<string> onText, CancellationToken cancellationToken)
    {
        var transcriber = new Transcriber(_model, _engine, _mel, options, language, onText);
        DamageLog? damage = options.DamagedAudio == DamagedAudioMode.Keep ? new DamageLog() : null;
        using SampleReader reader = await open(damage, cancellationToken).ConfigureAwait(false);
        Transcript transcript = await transcriber.RunAsync(reader, cancellationToken).ConfigureAwait(false);
        return damage?.First is { } first ? transcript with { Damage = new AudioDamage(TimeSpan.FromSeconds(first.Seconds), first.Reason) } : transcript;
    }

    private void BeginUse()
    {
        int count = Volatile.Read(ref _useCount);
        while (true)
        {
            ObjectDisposedException.ThrowIf(count == 0 || Volatile.Read(ref _isDisposed) != 0, this);
            int before = Interlocked.CompareExchange(ref _useCount, count + 1, count);
            if (before == count) return;
            count = before;
        }
    }

    private void EndUse()
    {
        if (Interlocked.Decrement(ref _useCount) != 0) return;
        _engine.Dispose();
        _model.Dispose();
    }
}
