using System.Globalization;
using System.Text;
using Steno.Clips;
using Steno.Decoding;
using Steno.Loading;
using Steno.Model;
using Steno.Threading;

namespace Steno.Verification;

/// <summary>Finds out whether a checkpoint is whole and computes what it should.</summary>
internal sealed class ModelVerifier
{
    /// <summary>Name of the check that tells the published model whose facts are used.</summary>
    public const string PublishedModelName = "published model";

    private const int TokenLimit = 256;

    /// <summary>The published sums come from weights rounded to F16 and do not say which attention: loose.</summary>
    private const double SumTolerance = 0.25;

    private const double SumOfSquaresTolerance = 0.1;
    private const double FirstValueTolerance = 0.01;

    private static readonly string[] RoundTripTexts = ["one two three", "Wie geht's? 12:30!", "音量调高", "¿Qué tal, señor?", "a  b\tc\n", "🙂 \u05d0\u0e01"];

    private readonly VerificationRequest _request;
    private readonly LoadedModel _model;
    private readonly PublishedModel? _published;
    private readonly bool _hasPublishedTokens;
    private readonly List<VerificationCheck> _checks = [];

    private ModelVerifier(VerificationRequest request, LoadedModel model)
    {
        _request = request;
        _model = model;
        _published = request.Facts == VerificationFacts.General ? null : PublishedModel.Find(model.Config);

        // A model that was made in the dimensions of a published one may have tokens of its own.
        _hasPublishedTokens = model.Config.Text.VocabularySize == PublishedFacts.VocabularySize
            && (request.Facts != VerificationFacts.General || model.Tokenizer.VocabularySize == PublishedFacts.TokenCount);
    }

    /// <summary>Runs every check that applies to the model.</summary>
    /// <exception cref="ModelFormatException">The checkpoint or the reference is broken or incomplete.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is not a Qwen3-ASR model.</exception>
    public static async Task<IReadOnlyList<VerificationCheck>> RunAsync(VerificationRequest request, CancellationToken cancellationToken)
    {
        // The facts are those of the weights as they are stored.
        WeightPrecision weights = request.Weights == WeightPrecision.Auto ? WeightPrecision.Stored : request.Weights;
        using LoadedModel model = LoadedModel.Load(request.Directory, weights, request.ThreadCount, cancellationToken, request.CompanionPath, request.Adapters);
        var verifier = new ModelVerifier(request, model);
        verifier.CheckStructure();
        verifier.Add(await FileChecks.CompareChecksumsAsync(request.Directory, model.Files, cancellationToken).ConfigureAwait(false));
        verifier._checks.AddRange(FileChecks.CompareEnds(model.Files));
        verifier._checks.AddRange(PackedFileCheck.Run(request.Directory, request.CompanionPath, model.Runner.Pool, cancellationToken));
        verifier.CheckTokenizer();
        verifier.CheckPrompt();
        verifier.CheckRecording(cancellationToken);
        await verifier.CheckGoldensAsync(cancellationToken).ConfigureAwait(false);
        return verifier._checks;
    }

    /// <summary>The words of a text: letters and digits in lower case, one space between.</summary>
    internal static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            if (char.IsLetterOrDigit(character)) words.Append(char.ToLowerInvariant(character));
            else if (words.Length > 0 && words[^1] != ' ') words.Append(' ');
        }

        return words.ToString().TrimEnd();
    }

    // Loading reads every tensor that the configuration calls for and refuses what is missing, misshapen or not finite.
    private void CheckStructure()
    {
        AudioEncoderConfig audio = _model.Config.Audio;
        TextDecoderConfig text = _model.Config.Text;
        if (_published is not null) Add(VerificationCheck.Note(PublishedModelName, _published.Name));
        Add(VerificationCheck.Note("dimensions", $"encoder {audio.LayerCount} x {audio.Width}, decoder {text.LayerCount} x {text.Width}, vocabulary {text.VocabularySize}"));
        Add(VerificationCheck.Note("tensors", $"all there, of their shapes, every value finite: {_model.Weights.ParameterCount} parameters"));
    }

    private void CheckTokenizer()
    {
        if (_hasPublishedTokens)
        {
            foreach ((string text, int[] ids) in PublishedFacts.TokenizerVectors)
                Add(VerificationCheck.Equal($"tokenizer: {text}", ids, _model.Tokenizer.Encode(text, allowAddedTokens: true)));
        }
        else
        {
            Add(VerificationCheck.Note("tokenizer", $"of its own: {_model.Tokenizer.VocabularySize} tokens"));
        }

        Add(SymbolCheck.Run(_model.Tokenizer));
        string[] changed = [.. RoundTripTexts.Where(text => _model.Tokenizer.Decode(_model.Tokenizer.Encode(text, allowAddedTokens: false), skipSpecial: false) != text)];
        Add(VerificationCheck.Equal("tokenizer: there and back", "texts unchanged", changed.Length == 0 ? "texts unchanged" : "changed: " + changed[0]));
    }

    private void CheckPrompt()
    {
        int count = _model.Config.Audio.TokenCount(PublishedFacts.FrameCount);
        Prompt prompt = new PromptBuilder(_model.Tokenizer).Build(context: null, forcedLanguage: null, count);
        if (_hasPublishedTokens)
        {
            if (_published is not null)
                Add(VerificationCheck.Equal("audio tokens of 11 s", $"{PublishedFacts.AudioTokenCount}", $"{count}"));
            Add(VerificationCheck.Equal("prompt of 11 s", PublishedFacts.Prompt(count), prompt.Ids));
            return;
        }

        int outside = prompt.Ids.Count(id => id < 0 || id >= _model.Config.Text.VocabularySize);
        Add(VerificationCheck.Equal("prompt of 11 s", $"{count} audio tokens, every id in the vocabulary", $"{prompt.Ids.Count(id => id == _model.Tokenizer.SpecialTokens.AudioPad)} audio tokens, {(outside == 0 ? "every" : "not every")} id in the vocabulary"));
    }

    private void CheckRecording(CancellationToken cancellationToken)
    {
        WorkerPool pool = _model.Runner.Pool;
        ClipResult pass = Run(pool, AttentionMode.Windowed, TokenLimit, cancellationToken);
        string raw = _model.Tokenizer.Decode(pass.Tokens, skipSpecial: true);
        ParsedTranscript parsed = TranscriptParser.Parse(raw, forcedLanguage: null);
        if (_published is not null && _request.IsPublishedRecording)
        {
            if (_published.EncoderSums is { } sums) CheckEncoderSums(sums, pass, cancellationToken);
            int[] expected = [.. PublishedFacts.FirstIds];
            Add(VerificationCheck.Equal("first ids of the transcript", expected, pass.Tokens.AsSpan(0, Math.Min(expected.Length, pass.Tokens.Length))));
            Add(new VerificationCheck("text", PublishedFacts.Text, parsed.Text, "words", Words(parsed.Text) == Words(PublishedFacts.Text)));
        }
        else
        {
            Add(VerificationCheck.Note("language", parsed.Language));
            Add(VerificationCheck.Note("text", parsed.Text));
        }

        CheckThreads(pass, pool, cancellationToken);
    }

    private void CheckThreads(ClipResult pass, WorkerPool pool, CancellationToken cancellationToken)
    {
        using var other = new WorkerPool(pool.ThreadCount == 1 ? Math.Max(2, WorkerPool.DefaultThreadCount) : 1);
        ClipResult again = Run(other, AttentionMode.Windowed, TokenLimit, cancellationToken);
        string name = $"{pool.ThreadCount} against {other.ThreadCount} threads";
        long different = pass.AudioRows.Zip(again.AudioRows).LongCount(pair => BitConverter.SingleToInt32Bits(pair.First) != BitConverter.SingleToInt32Bits(pair.Second));
        Add(VerificationCheck.Equal(name + ": encoder", "0 values differ", $"{different} values differ"));
        Add(VerificationCheck.Equal(name + ": ids", pass.Tokens, again.Tokens));
    }

    private void CheckEncoderSums(EncoderSums expected, ClipResult pass, CancellationToken cancellationToken)
    {
        EncoderSums windowed = EncoderSums.Of(pass.AudioRows, pass.AudioTokenCount, _model.Config.Audio.OutputWidth);
        EncoderSums found = windowed;
        if (!IsNear(expected, windowed))
        {
            ClipResult full = Run(_model.Runner.Pool, AttentionMode.Full, maxTokens: 0, cancellationToken);
            EncoderSums fullSums = EncoderSums.Of(full.AudioRows, full.AudioTokenCount, _model.Config.Audio.OutputWidth);
            if (IsNear(expected, fullSums)) found = fullSums;
        }

        Add(VerificationCheck.Equal("encoder rows", $"{expected.RowCount} x {expected.Width}", $"{found.RowCount} x {found.Width}"));
        AddNear("encoder sum", expected.Sum, found.Sum, SumTolerance);
        AddNear("encoder sum of squares", expected.SumOfSquares, found.SumOfSquares, SumOfSquaresTolerance);
        AddNear("encoder largest magnitude", expected.MaxAbsolute, found.MaxAbsolute, SumTolerance);
        Add(new VerificationCheck("encoder first values", Values(expected.First), Values(found.First), $"{FirstValueTolerance.ToString(CultureInfo.InvariantCulture)}", AreFirstNear(expected, found)));
    }

    private static bool IsNear(EncoderSums expected, EncoderSums found) =>
        IsNear(expected.Sum, found.Sum, SumTolerance)
        && IsNear(expected.SumOfSquares, found.SumOfSquares, SumOfSquaresTolerance)
        && IsNear(expected.MaxAbsolute, found.MaxAbsolute, SumTolerance)
        && AreFirstNear(expected, found);

    private static bool IsNear(double expected, double found, double tolerance) => Math.Abs(found - expected) <= tolerance * Math.Abs(expected);

    private static bool AreFirstNear(EncoderSums expected, EncoderSums found) =>
        expected.First.Length == found.First.Length && expected.First.Zip(found.First).All(pair => Math.Abs(pair.First - pair.Second) <= FirstValueTolerance);

    private void AddNear(string name, double expected, double found, double tolerance) => Add(new VerificationCheck(
        name,
        expected.ToString("G6", CultureInfo.InvariantCulture),
        found.ToString("G6", CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{tolerance * 100:F0} %"),
        IsNear(expected, found, tolerance)));

    private async Task CheckGoldensAsync(CancellationToken cancellationToken)
    {
        string own = Path.Combine(_request.Directory, "golden");
        string? directory = _request.GoldensDirectory ?? (Directory.Exists(own) ? own : null);
        if (directory is not null)
            _checks.AddRange(await new GoldenChecks(_model).RunAsync(directory, cancellationToken).ConfigureAwait(false));
    }

    private ClipResult Run(WorkerPool pool, AttentionMode attention, int maxTokens, CancellationToken cancellationToken)
    {
        using var pass = new ClipPass(_model, new ClipPassOptions { Pool = pool });
        ClipFeatures features = pass.Prepare(_request.Recording, cancellationToken) ?? throw new AudioFormatException("The recording is silent: it says nothing about the model.");
        return pass.Run(features, attention, maxTokens, cancellationToken);
    }

    private void Add(VerificationCheck check) => _checks.Add(check);

    private static string Values(float[] values) => string.Join(' ', values.Select(value => value.ToString("F6", CultureInfo.InvariantCulture)));
}
