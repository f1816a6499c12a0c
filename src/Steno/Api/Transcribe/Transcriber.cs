using System.Diagnostics;
using Steno.Audio;
using Steno.Decoding;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;

namespace Steno;

/// <summary>One transcription: reads the audio clip by clip, encodes and decodes each, and puts the transcript together.</summary>
internal sealed class Transcriber
{
    // The official package hands clips of at most 20 minutes to the model.
    private const int MaxClipSeconds = 1200;

    // Speech is at most some 5 words a second; a clip that needs more tokens than this is a loop.
    private const int TokensPerSecond = 12;
    private const int MinTokenLimit = 256;

    // What the model was trained on begins at half a second; shorter clips are padded with zeros.
    private const int MinClipSamples = 8000;

    // Below one step of 16-bit audio there is nothing to hear, and models are known to invent words for it.
    private const float SilencePeak = 1f / 32768;

    private readonly LoadedModel _model;
    private readonly LogMelSpectrogram _mel;
    private readonly CachePrecision _cachePrecision;
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
    /// <param name="mel">The model's front end.</param>
    /// <param name="cachePrecision">Number format of the KV cache.</param>
    /// <param name="options">What to do.</param>
    /// <param name="forcedLanguage">The language as the model writes it; null to detect it.</param>
    /// <param name="onText">Called with each piece of text as it is decoded.</param>
    public Transcriber(LoadedModel model, LogMelSpectrogram mel, CachePrecision cachePrecision, TranscribeOptions options, string? forcedLanguage, Action<string> onText)
    {
        _model = model;
        _mel = mel;
        _cachePrecision = cachePrecision;
        _options = options;
        _onText = onText;
        _forcedLanguage = forcedLanguage;
    }

    /// <summary>Transcribes all that a reader gives.</summary>
    /// <param name="reader">Mono samples at 16 kHz.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="AudioFormatException">The audio is broken, or there is none.</exception>
    public async Task<Transcript> RunAsync(SampleReader reader, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        var splitter = new AudioSplitter(reader, LongestClip());
        long sampleCount = 0;
        while (true)
        {
            Memory<float> clip = await splitter.NextAsync(cancellationToken).ConfigureAwait(false);
            if (clip.IsEmpty) break;
            sampleCount = splitter.ClipStart + clip.Length;
            _segments.Add(TranscribeClip(clip.Span, splitter.ClipStart, buffers, cancellationToken));
        }

        if (sampleCount == 0) throw new AudioFormatException("The audio is empty: it has no samples.");
        return CreateTranscript(sampleCount);
    }

    private static TimeSpan Duration(long sampleCount) => TimeSpan.FromTicks(sampleCount * TimeSpan.TicksPerSecond / LogMelSpectrogram.SampleRateHz);

    // The longest clip with its search margin, a prompt and the text has to fit into the model's positions.
    private int LongestClip()
    {
        AudioEncoderConfig audio = _model.Config.Audio;
        double audioTokensPerSecond = (double)audio.ChunkTokenCount * LogMelSpectrogram.SampleRateHz / (LogMelSpectrogram.HopLength * audio.ChunkFrameCount);
        int positions = _model.Config.Text.MaxPositionCount - MinTokenLimit - (_options.Prompt?.Length ?? 0);
        double seconds = (positions / (audioTokensPerSecond + TokensPerSecond)) - AudioSplitter.SearchSeconds;
        return (int)Math.Clamp(seconds, 1, MaxClipSeconds) * LogMelSpectrogram.SampleRateHz;
    }

    private TranscriptSegment TranscribeClip(Span<float> samples, long firstSample, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        AudioRange.Normalize(samples);
        TimeSpan start = Duration(firstSample);
        TimeSpan end = Duration(firstSample + samples.Length);
        if (AudioRange.Peak(samples) <= SilencePeak) return SilentSegment(start, end);

        _encoding.Start();
        using AlignedBuffer<float> audio = Encode(samples, buffers, out int rowCount, cancellationToken);
        _encoding.Stop();

        _decoding.Start();
        _isInSegment = false;
        var filter = new LiveTranscriptFilter(_model.Tokenizer, _forcedLanguage is not null);
        Prompt prompt = new PromptBuilder(_model.Tokenizer).Build(_options.Prompt, _forcedLanguage, rowCount);
        using var sequence = new DecodingSequence(prompt, audio, new KvCache(_model.Config.Text, _cachePrecision), TokenLimit(prompt, end - start), id => OnToken(filter, id));
        new GreedyDecoder(_model.TextDecoder, _model.StopTokenIds).Decode([sequence], buffers, tap: null, cancellationToken);
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

    private int TokenLimit(Prompt prompt, TimeSpan duration)
    {
        int positionCount = _model.Config.Text.MaxPositionCount;
        if (prompt.Ids.Length > positionCount)
        {
            int textTokens = prompt.Ids.Length - prompt.AudioTokenCount;
            throw new ArgumentException($"The prompt is too long: with {textTokens} tokens of text and {prompt.AudioTokenCount} of audio it exceeds the model's {positionCount} positions. Shorten the prompt text.", nameof(prompt));
        }

        int wanted = _options.MaxTokens ?? Math.Max(MinTokenLimit, (int)Math.Ceiling(duration.TotalSeconds * TokensPerSecond));
        return Math.Min(wanted, positionCount - prompt.Ids.Length + 1);
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

    private unsafe AlignedBuffer<float> Encode(ReadOnlySpan<float> samples, ActivationBuffers buffers, out int rowCount, CancellationToken cancellationToken)
    {
        if (samples.Length < MinClipSamples)
        {
            float[] padded = new float[MinClipSamples];
            samples.CopyTo(padded);
            samples = padded;
        }

        AudioEncoderConfig config = _model.Config.Audio;
        int frameCount = LogMelSpectrogram.FrameCount(samples.Length);
        using var mel = new AlignedBuffer<float>((long)frameCount * config.MelBinCount);
        _mel.Compute(samples, mel.Span, cancellationToken);

        rowCount = config.TokenCount(frameCount);
        var audio = new AlignedBuffer<float>((long)rowCount * config.OutputWidth);
        try
        {
            _model.AudioEncoder.Encode(mel.Pointer, frameCount, _options.Attention, buffers, audio.Pointer, tap: null, cancellationToken);
            return audio;
        }
        catch
        {
            audio.Dispose();
            throw;
        }
    }

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
