using System.Diagnostics;
using Steno.Audio;
using Steno.Decoding;
using Steno.Diagnostics;
using Steno.Engine;
using Steno.Loading;
using Steno.Model;

namespace Steno.Clips;

/// <summary>
/// One clip after the other on its way from log-mel frames to ids, on the calling thread and an engine of its own: for those who want to see what
/// happens inside, or how long it takes.
/// </summary>
/// <remarks>
/// For each clip first <see cref="Encode"/>, then <see cref="Generate"/> or <see cref="Force"/>, then <see cref="Step"/> until it has ended; or all of it
/// by <see cref="Run"/>.
/// </remarks>
internal sealed class ClipPass : IDisposable
{
    private readonly LoadedModel _model;
    private readonly LogMelSpectrogram _mel;
    private readonly NetworkBackend _backend;
    private readonly StepEngine _engine;
    private IReadOnlyList<EncodedWindow> _windows = [];
    private Sequence? _sequence;

    /// <summary>Prepares a pass.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    public ClipPass(LoadedModel model, ClipPassOptions? options = null)
    {
        options ??= new ClipPassOptions();
        _model = model;
        ModelConfig config = model.Config;
        _mel = new LogMelSpectrogram(config.Audio.MelBinCount);
        var runner = new KernelRunner(options.Pool ?? model.Runner.Pool, model.Runner.Path) { InputTap = options.InputTap };
        var encoder = new AudioEncoder(config.Audio, model.Weights.Audio, runner);
        var decoder = new TextDecoder(config.Text, model.Weights.Text, runner);
        _backend = new NetworkBackend(config, encoder, decoder);
        _engine = new StepEngine(_backend, new KvPagePool(config.Text, options.Cache), new StepLimits { Choices = options.MaxChoices, PrefillRows = RaggedBatch.MaxRowCount });
    }

    /// <summary>Sees the activations; null for none.</summary>
    public ITensorTap? Tap
    {
        get => _backend.Tap;
        set => _backend.Tap = value;
    }

    /// <summary>Rows that left the audio tower.</summary>
    public int AudioTokenCount => _windows.Sum(window => window.RowCount);

    /// <summary>What the decoder began with; empty before.</summary>
    public int[] PromptIds { get; private set; } = [];

    /// <summary>What was generated, without the stop token.</summary>
    public ReadOnlySpan<int> Tokens => _sequence is null ? [] : _sequence.Tokens;

    /// <summary>Why generation ended.</summary>
    public StopReason StopReason => _sequence?.StopReason ?? StopReason.None;

    /// <summary>Mean probability of the tokens.</summary>
    public double MeanTokenProbability => _sequence?.MeanTokenProbability ?? 0;

    /// <summary>When the first token of the last clip was chosen, counted from its first row.</summary>
    public TimeSpan PrefillTime => _sequence is { FirstTokenTimestamp: > 0 } ? Stopwatch.GetElapsedTime(_sequence.StartTimestamp, _sequence.FirstTokenTimestamp) : TimeSpan.Zero;

    /// <summary>Computes the features of a clip.</summary>
    /// <param name="samples">16 kHz mono, at least one; brought into range in place.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Null for silence.</returns>
    public ClipFeatures? Prepare(Span<float> samples, CancellationToken cancellationToken) => ClipFeatures.Create(samples, _mel, cancellationToken);

    /// <summary>Encodes a clip and generates its text.</summary>
    /// <param name="features">The clip; the pass owns it.</param>
    /// <param name="attention">Reach of the encoder.</param>
    /// <param name="maxTokens">Most tokens; 0 to run the audio tower only.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ModelFormatException">The clip is too long for the model, or the model computes numbers that are not finite.</exception>
    public ClipResult Run(ClipFeatures features, AttentionMode attention, int maxTokens, CancellationToken cancellationToken)
    {
        Encode(features, attention, cancellationToken);
        if (maxTokens > 0)
        {
            Generate(maxTokens);
            while (Step(cancellationToken)) continue;
        }

        return new ClipResult([.. _windows.SelectMany(window => window.Span.ToArray())], AudioTokenCount, PromptIds, Tokens.ToArray(), StopReason);
    }

    /// <summary>Runs the audio tower.</summary>
    /// <param name="features">The clip; the pass owns it.</param>
    /// <param name="attention">Reach of the encoder.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The time that it took.</returns>
    public TimeSpan Encode(ClipFeatures features, AttentionMode attention, CancellationToken cancellationToken)
    {
        foreach (EncodedWindow window in _windows) window.Release();
        _windows = [];
        _sequence = null;
        PromptIds = [];
        var job = new EncodeJob(_model.Config.Audio, features.Mel, features.FrameCount, attention);
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(_ => Cancel(job), null);
        _engine.Add(job);
        while (_engine.Step()) continue;
        _windows = job.Completion.GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(job.StartTimestamp, job.EndTimestamp);

        void Cancel(EncodeJob cancelled)
        {
            cancelled.RequestCancel(cancellationToken);
            _engine.OnCancelled(cancelled);
        }
    }

    /// <summary>Begins to generate text, without context and with the language left to the model.</summary>
    /// <param name="maxTokens">Most tokens; fewer when the model has not so many positions.</param>
    /// <param name="stopTokenIds">Ids that end it; null for the model's.</param>
    /// <exception cref="ModelFormatException">The clip is too long for the model.</exception>
    public void Generate(int maxTokens, IReadOnlyList<int>? stopTokenIds = null)
    {
        Prompt prompt = BuildPrompt();
        Start(new SequenceSpec
        {
            Prompt = new PromptRows(prompt, _windows),
            MaxTokens = Math.Min(maxTokens, Room(prompt)),
            StopTokenIds = stopTokenIds ?? _model.StopTokenIds,
        });
    }

    /// <summary>Begins to feed a text that is given, with a choice of the model after the prompt and after each token.</summary>
    /// <param name="tokens">The text.</param>
    /// <exception cref="ModelFormatException">The clip is too long for the model.</exception>
    public void Force(ReadOnlySpan<int> tokens)
    {
        Prompt prompt = BuildPrompt();
        int promptCount = prompt.Ids.Length;
        prompt = prompt with { Ids = [.. prompt.Ids, .. tokens] };
        Room(prompt);
        Start(new SequenceSpec { Prompt = new PromptRows(prompt, _windows), ChoiceRows = [.. Enumerable.Range(promptCount - 1, tokens.Length + 1)] });
    }

    /// <summary>Does one forward pass.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>False when the sequence has ended.</returns>
    /// <exception cref="ModelFormatException">The model computes numbers that are not finite.</exception>
    public bool Step(CancellationToken cancellationToken)
    {
        Sequence sequence = _sequence ?? throw new InvalidOperationException("There is nothing to decode yet.");
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(_ => Cancel(), null);
        bool goesOn = _engine.Step();
        if (sequence.Completion.IsCompleted) sequence.Completion.GetAwaiter().GetResult();
        return goesOn && !sequence.Completion.IsCompleted;

        void Cancel()
        {
            sequence.RequestCancel(cancellationToken);
            _engine.OnCancelled(sequence);
        }
    }

    public void Dispose()
    {
        foreach (EncodedWindow window in _windows) window.Release();
        _windows = [];
        _engine.Dispose();
    }

    private Prompt BuildPrompt()
    {
        Prompt prompt = new PromptBuilder(_model.Tokenizer).Build(context: null, forcedLanguage: null, AudioTokenCount);
        PromptIds = prompt.Ids;
        return prompt;
    }

    private int Room(Prompt prompt)
    {
        int room = ClipLimits.Room(_model.Config.Text, prompt);
        if (room >= 1) return room;
        throw new ModelFormatException(
            "the clip is too long for the model", _model.Directory, expected: $"a prompt of at most {_model.Config.Text.MaxPositionCount} positions", found: $"{prompt.Ids.Length}");
    }

    private void Start(SequenceSpec spec)
    {
        _sequence = new Sequence(spec);
        _engine.Add(_sequence);
    }
}
