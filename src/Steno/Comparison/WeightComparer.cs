using Steno.Audio;
using Steno.Decoding;
using Steno.Loading;
using Steno.Model;
using Steno.Verification;

namespace Steno.Comparison;

/// <summary>Holds one model against another on recordings.</summary>
/// <remarks>
/// Both models are in memory at once. Recordings are taken in clips of some 30 seconds; of A are kept the encoder's activations of one clip and the
/// decoder's of one forward pass (at most 512 rows, 64 of them with logits): with the 1.7B model under 250 MB.
/// </remarks>
internal sealed class WeightComparer : IDisposable
{
    private const int TokensPerSecond = 12;
    private const int MinTokenLimit = 256;

    private readonly LoadedModel _a;
    private readonly LoadedModel _b;
    private readonly ActivationBuffers _buffers = new();
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

    public void Dispose() => _buffers.Dispose();

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
            float[] mel = ModelPass.MelOf(samples, _a.Config.Audio.MelBinCount, cancellationToken);
            int maxTokens = Math.Max(MinTokenLimit, TokensPerSecond * samples.Length / LogMelSpectrogram.SampleRateHz);

            // The first passes compile code and fault in memory: they are not counted.
            if (!_isWarm)
            {
                TimedPass.Run(_a, mel, maxTokens, _buffers, cancellationToken);
                TimedPass.Run(_b, mel, maxTokens, _buffers, cancellationToken);
                _isWarm = true;
            }

            TimedPass a = TimedPass.Run(_a, mel, maxTokens, _buffers, cancellationToken);
            TimedPass b = TimedPass.Run(_b, mel, maxTokens, _buffers, cancellationToken);
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
        using var a = new TeacherForcedPass(_a, mel, tokens, _buffers, _recorded, cancellationToken);
        using var b = new TeacherForcedPass(_b, mel, tokens, _buffers, _differences, cancellationToken);
        while (a.Step(_recorded, cancellationToken))
        {
            b.Step(_differences, cancellationToken);
            _recorded.Clear();
        }
    }

    private int WidthOf(string name)
    {
        if (name == "logits") return _a.Config.Text.VocabularySize;
        if (name == "audio") return _a.Config.Audio.OutputWidth;
        bool isEncoder = name == "stem" || name.StartsWith("encoder.", StringComparison.Ordinal);
        return isEncoder ? _a.Config.Audio.Width : _a.Config.Text.Width;
    }

    private static string TextOf(LoadedModel model, TimedPass pass) =>
        TranscriptParser.Parse(model.Tokenizer.Decode(pass.Tokens, skipSpecial: true), forcedLanguage: null).Text;

    private static ModelCost Add(ModelCost cost, TimedPass pass) => cost with
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
