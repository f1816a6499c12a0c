using System.Diagnostics;
using Steno.Audio;
using Steno.Clips;
using Steno.Decoding;
using Steno.Engine;
using Steno.Loading;

namespace Steno;

/// <summary>One transcription: reads the audio clip by clip, encodes and decodes each, and puts the transcript together.</summary>
internal sealed class Transcriber
{
    private readonly LoadedModel _model;
    private readonly EngineLoop _engine;
    private readonly LogMelSpectrogram _mel;
    private readonly TranscribeOptions _options;
    private readonly string? _forcedLanguage;
    private readonly Action<string> _onText;
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Stopwatch _encoding = new();
    private readonly Stopwatch _decoding = new();
    private readonly List<TranscriptSegment> _segments = [];
    private string _lastPiece = string.Empty;
    private bool _isInSegment;
    private TimeSpan _timeToFirstToken;
    private int _textTokenCount;

    /// <summary>Prepares a transcription; it may run once.</summary>
    /// <param name="model">The model.</param>
    /// <param name="engine">What computes with it.</param>
    /// <param name="mel">The model's front end.</param>
    /// <param name="options">What to do.</param>
    /// <param name="forcedLanguage">The language as the model writes it; null to detect it.</param>
    /// <param name="onText">Called with each piece of text as it is decoded.</param>
    public Transcriber(LoadedModel model, EngineLoop engine, LogMelSpectrogram mel, TranscribeOptions options, string? forcedLanguage, Action<string> onText)
    {
        _model = model;
        _engine = engine;
        _mel = mel;
        _options = options;
        _onText = onText;
        _forcedLanguage = forcedLanguage;
    }

    /// <summary>Transcribes all that a reader gives.</summary>
    /// <param name="reader">Mono samples at 16 kHz.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="AudioFormatException">The audio is broken, or there is none.</exception>
    public async Task<Transcript> RunAsync(SampleReader reader, CancellationToken cancellationToken)
    {
        var splitter = new AudioSplitter(reader, ClipLimits.LongestClip(_model.Config, _options.Prompt?.Length ?? 0));
        long sampleCount = 0;
        while (true)
        {
            Memory<float> clip = await splitter.NextAsync(cancellationToken).ConfigureAwait(false);
            if (clip.IsEmpty) break;
            sampleCount = splitter.ClipStart + clip.Length;
            _segments.Add(await TranscribeClipAsync(clip, splitter.ClipStart, cancellationToken).ConfigureAwait(false));
        }

        if (sampleCount == 0) throw new AudioFormatException("The audio is empty: it has no samples.");
        return CreateTranscript(sampleCount);
    }

    private static TimeSpan Duration(long sampleCount) => TimeSpan.FromTicks(sampleCount * TimeSpan.TicksPerSecond / LogMelSpectrogram.SampleRateHz);

    private async Task<TranscriptSegment> TranscribeClipAsync(Memory<float> samples, long firstSample, CancellationToken cancellationToken)
    {
        TimeSpan start = Duration(firstSample);
        TimeSpan end = Duration(firstSample + samples.Length);
        _encoding.Start();
        ClipFeatures? features = ClipFeatures.Create(samples.Span, _mel, cancellationToken);
        if (features is null)
        {
            _encoding.Stop();
            return SilentSegment(start, end);
        }

        var job = new EncodeJob(_model.Config.Audio, features.Mel, features.FrameCount, _options.Attention);
        IReadOnlyList<EncodedWindow> windows = await _engine.EncodeAsync(job, cancellationToken).ConfigureAwait(false);
        _encoding.Stop();

        _decoding.Start();
        Sequence sequence = Start(windows, end - start, cancellationToken);
        var filter = new LiveTranscriptFilter(_model.Tokenizer, _forcedLanguage is not null);
        _isInSegment = false;
        for (int seenCount = 0; await sequence.WaitAsync(seenCount).ConfigureAwait(false);)
        {
            for (int count = sequence.TokenCount; seenCount < count; seenCount++) OnToken(filter, sequence.Tokens[seenCount]);
        }

        Emit(filter.Finish(sequence.IsTruncated));
        _decoding.Stop();

        _textTokenCount += filter.TextTokenCount;
        ParsedTranscript parsed = TranscriptParser.Parse(_model.Tokenizer.Decode(sequence.Tokens, skipSpecial: true), _forcedLanguage, sequence.IsTruncated);
        return new TranscriptSegment
        {
            Start = start,
            End = end,
            Language = parsed.Language,
            Text = parsed.Text,
            TokenIds = sequence.Tokens.ToArray(),
            IsTruncated = sequence.IsTruncated,
            IsRepetitionCollapsed = parsed.IsRepetitionCollapsed,
            MeanTokenProbability = sequence.MeanTokenProbability,
        };
    }

    private Sequence Start(IReadOnlyList<EncodedWindow> windows, TimeSpan duration, CancellationToken cancellationToken)
    {
        try
        {
            Prompt prompt = new PromptBuilder(_model.Tokenizer).Build(_options.Prompt, _forcedLanguage, windows.Sum(window => window.RowCount));
            var spec = new SequenceSpec
            {
                Prompt = new PromptRows(prompt, windows),
                MaxTokens = TokenLimit(prompt, duration),
                StopTokenIds = _model.StopTokenIds,
                Draft = _forcedLanguage is null ? HeaderDraft.Of(_model.Tokenizer, _segments.LastOrDefault(segment => segment.Language.Length > 0)?.Language) : default,
            };
            return _engine.Start(spec, cancellationToken);
        }
        finally
        {
            foreach (EncodedWindow window in windows) window.Release();
        }
    }

    private int TokenLimit(Prompt prompt, TimeSpan duration)
    {
        int room = ClipLimits.Room(_model.Config.Text, prompt);
        if (room < 1)
        {
            int textTokens = prompt.Ids.Length - prompt.AudioTokenCount;
            throw new ArgumentException($"The prompt is too long: with {textTokens} tokens of text and {prompt.AudioTokenCount} of audio it exceeds the model's {_model.Config.Text.MaxPositionCount} positions. Shorten the prompt text.", nameof(prompt));
        }

        return Math.Min(_options.MaxTokens ?? ClipLimits.TokensOf(duration), room);
    }

    private static TranscriptSegment SilentSegment(TimeSpan start, TimeSpan end) => new()
    {
        Start = start,
        End = end,
        Language = string.Empty,
        Text = string.Empty,
        TokenIds = [],
        IsTruncated = false,
        IsRepetitionCollapsed = false,
        MeanTokenProbability = 0,
    };

    private void OnToken(LiveTranscriptFilter filter, int id)
    {
        if (_timeToFirstToken == TimeSpan.Zero) _timeToFirstToken = _total.Elapsed;
        Emit(filter.Push(id));
    }

    private void Emit(string piece)
    {
        if (piece.Length == 0) return;
        bool isFirstOfSegment = !_isInSegment;
        _isInSegment = true;
        if (isFirstOfSegment && TranscriptJoiner.NeedsSpace(_lastPiece, piece)) _onText(" ");
        _onText(piece);
        _lastPiece = piece;
    }

    private Transcript CreateTranscript(long sampleCount)
    {
        int tokenCount = _segments.Sum(segment => segment.TokenIds.Count);
        return new Transcript
        {
            Language = Languages.Merge(_segments.Select(segment => segment.Language)),
            Text = TranscriptJoiner.Join(_segments.Select(segment => segment.Text)),
            Segments = _segments,
            IsTruncated = _segments.Exists(segment => segment.IsTruncated),
            MeanTokenProbability = tokenCount == 0 ? 0 : _segments.Sum(segment => segment.MeanTokenProbability * segment.TokenIds.Count) / tokenCount,
            Timings = new TranscriptTimings
            {
                Audio = Duration(sampleCount),
                Total = _total.Elapsed,
                Encoding = _encoding.Elapsed,
                Decoding = _decoding.Elapsed,
                TimeToFirstToken = _timeToFirstToken,
                TextTokenCount = _textTokenCount,
            },
        };
    }
}
