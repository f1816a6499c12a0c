using Steno.Audio;
using Steno.Clips;
using Steno.Decoding;
using Steno.Loading;

namespace Steno.Comparison;

/// <summary>Holds one model against another on recordings.</summary>
/// <remarks>
/// Both models are in memory at once. Recordings are taken in clips of some 30 seconds; of A are kept the encoder's activations of one clip and the
/// decoder's of one forward pass (at most 512 rows, 64 of them with logits): with the 1.7B model under 250 MB.
/// </remarks>
internal sealed class WeightComparer : IDisposable
{
    // Predictions of one forward pass: 40 MB of logits with the published vocabulary.
    private const int MaxChoices = 64;

    private readonly LoadedModel _a;
    private readonly LoadedModel _b;
    private readonly ClipPass _passA;
    private readonly ClipPass _passB;
    private readonly RecordingTap _recorded = new();
    private readonly DifferenceTap _differences;
    private readonly List<TextDifference> _texts = [];
    private ModelCost _costA;
    private ModelCost _costB;
    private bool _isWarm;
    private long _sampleCount;

    private WeightComparer(LoadedModel a, LoadedModel b)
    {
        _a = a;
        _b = b;
        _passA = new ClipPass(a, new ClipPassOptions { MaxChoices = MaxChoices });
        _passB = new ClipPass(b, new ClipPassOptions { MaxChoices = MaxChoices });
        _costA = CostOf(a);
        _costB = CostOf(b);
        _differences = new DifferenceTap(_recorded, WidthOf);
    }

    /// <summary>Compares two models.</summary>
    /// <exception cref="ModelFormatException">A model cannot be loaded, or they have different vocabularies or features.</exception>
    /// <exception cref="UnsupportedModelException">A checkpoint is not a Qwen3-ASR model.</exception>
    /// <exception cref="AudioFormatException">A recording cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static async Task<WeightComparison> RunAsync(ComparisonRequest request, CancellationToken cancellationToken)
    {
        using LoadedModel a = Load(request.A, request.ThreadCount, cancellationToken);
        using LoadedModel b = Load(request.B, request.ThreadCount, cancellationToken);
        RequireSameInputs(a, b);
        using var comparer = new WeightComparer(a, b);
        foreach (string audio in request.Audio)
        {
            request.OnAudio?.Invoke(audio);
            await comparer.AddAsync(audio, cancellationToken).ConfigureAwait(false);
        }

        return comparer.ToResult();
    }

    public void Dispose()
    {
        _passA.Dispose();
        _passB.Dispose();
    }

    private static LoadedModel Load(ComparedModel model, int? threadCount, CancellationToken cancellationToken) =>
        LoadedModel.Load(model.Path, model.Weights, threadCount, cancellationToken, model.CompanionPath);

    private static ModelCost CostOf(LoadedModel model)
    {
        long fileBytes = model.Files.Sum(path => new FileInfo(path).Length);
        return new ModelCost(fileBytes, model.Weights.ByteCount, EncoderSeconds: 0, PrefillSeconds: 0, PromptRows: 0, StepSeconds: 0, StepCount: 0);
    }

    // The ids of one are fed to the other, at the same positions.
    private static void RequireSameInputs(LoadedModel a, LoadedModel b)
    {
        Require("vocabulary", a.Config.Text.VocabularySize, b.Config.Text.VocabularySize);
        Require("tokens of the tokenizer", a.Tokenizer.VocabularySize, b.Tokenizer.VocabularySize);
        Require("mel bins", a.Config.Audio.MelBinCount, b.Config.Audio.MelBinCount);
        Require("frames of a chunk", a.Config.Audio.ChunkFrameCount, b.Config.Audio.ChunkFrameCount);

        void Require(string what, int ofA, int ofB)
        {
            if (ofA != ofB) throw new ModelFormatException($"the models cannot be compared: they differ in {what}", b.Directory, expected: $"{ofA} as {a.Directory} has", found: $"{ofB}");
        }
    }

    private async Task AddAsync(string audio, CancellationToken cancellationToken)
    {
        var textsA = new List<string>();
        var textsB = new List<string>();
        await foreach (float[] samples in RecordingReader.ReadClipsAsync(audio, cancellationToken).ConfigureAwait(false))
        {
            _sampleCount += samples.Length;
            if (_passA.Prepare(samples, cancellationToken) is not { } features) continue;
            float[] mel = features.Mel.Span.ToArray();
            features.Mel.Dispose();
            int maxTokens = ClipLimits.TokensOf(TimeSpan.FromSeconds((double)samples.Length / LogMelSpectrogram.SampleRateHz));

            // The first passes compile code and fault in memory: they are not counted.
            if (!_isWarm)
            {
                TimedClip.Run(_passA, ClipFeatures.Of(mel, _a.Config.Audio.MelBinCount), maxTokens, cancellationToken);
                TimedClip.Run(_passB, ClipFeatures.Of(mel, _a.Config.Audio.MelBinCount), maxTokens, cancellationToken);
                _isWarm = true;
            }

            TimedClip a = TimedClip.Run(_passA, ClipFeatures.Of(mel, _a.Config.Audio.MelBinCount), maxTokens, cancellationToken);
            TimedClip b = TimedClip.Run(_passB, ClipFeatures.Of(mel, _a.Config.Audio.MelBinCount), maxTokens, cancellationToken);
            _costA = Add(_costA, a);
            _costB = Add(_costB, b);
            textsA.Add(TextOf(_a, a));
            textsB.Add(TextOf(_b, b));
            CompareActivations(mel, a.Tokens, cancellationToken);
        }

        string textA = TranscriptJoiner.Join(textsA);
        string textB = TranscriptJoiner.Join(textsB);
        IReadOnlyList<string> wordsA = TextDistance.Words(textA);
        _texts.Add(new TextDifference(audio, textA, textB, TextDistance.Edits(wordsA, TextDistance.Words(textB)), wordsA.Count));
    }

    private void CompareActivations(float[] mel, int[] tokens, CancellationToken cancellationToken)
    {
        _passA.Tap = _recorded;
        _passB.Tap = _differences;
        Force(_passA, mel, tokens, cancellationToken);
        Force(_passB, mel, tokens, cancellationToken);
        for (bool goesOn = true; goesOn; _recorded.Clear())
        {
            goesOn = _passA.Step(cancellationToken);
            _passB.Step(cancellationToken);
        }

        _passA.Tap = _passB.Tap = null;
    }

    private void Force(ClipPass pass, float[] mel, int[] tokens, CancellationToken cancellationToken)
    {
        pass.Encode(ClipFeatures.Of(mel, _a.Config.Audio.MelBinCount), AttentionMode.Windowed, cancellationToken);
        pass.Force(tokens);
    }

    private int WidthOf(string name)
    {
        if (name == "logits") return _a.Config.Text.VocabularySize;
        if (name == "audio") return _a.Config.Audio.OutputWidth;
        bool isEncoder = name == "stem" || name.StartsWith("encoder.", StringComparison.Ordinal);
        return isEncoder ? _a.Config.Audio.Width : _a.Config.Text.Width;
    }

    private static string TextOf(LoadedModel model, TimedClip pass) =>
        TranscriptParser.Parse(model.Tokenizer.Decode(pass.Tokens, skipSpecial: true), forcedLanguage: null).Text;

    private static ModelCost Add(ModelCost cost, TimedClip pass) => cost with
    {
        EncoderSeconds = cost.EncoderSeconds + pass.EncoderTime.TotalSeconds,
        PrefillSeconds = cost.PrefillSeconds + pass.PrefillTime.TotalSeconds,
        PromptRows = cost.PromptRows + pass.PromptRows,
        StepSeconds = cost.StepSeconds + pass.StepTime.TotalSeconds,
        StepCount = cost.StepCount + pass.StepCount,
    };

    private WeightComparison ToResult() =>
        new(_costA, _costB, (double)_sampleCount / LogMelSpectrogram.SampleRateHz, _differences.Taps, _differences.Logits, _texts);
}
