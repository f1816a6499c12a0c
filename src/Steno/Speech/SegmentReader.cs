using Steno.Audio;

namespace Steno.Speech;

/// <summary>Reads a recording segment by segment; holds no more of it than the segments that are not decided yet.</summary>
internal sealed class SegmentReader
{
    private const int BlockLength = 4096;

    private readonly SampleReader _reader;
    private readonly ISegmentPlanner _planner;
    private readonly SpeechFrames? _frames;
    private readonly SpeechTracker? _tracker;
    private readonly ProbabilityTrack _probabilities;
    private readonly AudioWindow _window = new();
    private readonly Queue<PlannedSegment> _planned = [];
    private readonly List<PlannedSegment> _new = [];
    private readonly float[] _block = new float[BlockLength];
    private bool _isAtEnd;

    /// <summary>Prepares to read.</summary>
    /// <param name="reader">Mono samples at 16 kHz.</param>
    /// <param name="settings">How to cut.</param>
    /// <param name="speech">What counts as speech.</param>
    /// <param name="detector">Tells speech from silence; null to take all for speech, and to cut at quiet places alone. Used until the end of the recording.</param>
    public SegmentReader(SampleReader reader, SegmentSettings settings, SpeechSettings speech, IVoiceActivityDetector? detector)
    {
        _reader = reader;
        _probabilities = new ProbabilityTrack(detector?.FrameLength ?? BlockLength);
        if (detector is not null)
        {
            detector.Reset();
            _frames = new SpeechFrames(detector);
            _tracker = new SpeechTracker(speech, detector);
        }

        // What the spans are padded by must lie in the segments too.
        if (speech.Padding > settings.Edge) settings = settings with { Edge = speech.Padding };
        if (settings.SplitGap < 2 * settings.Edge) settings = settings with { SplitGap = 2 * settings.Edge };
        _planner = detector is null || settings.FixedLength is not null
            ? new FixedPlanner(settings, isSpeechKnown: detector is not null, span => _window[span])
            : new PausePlanner(settings, speech.Threshold, _probabilities, span => _window[span]);
    }

    /// <summary>Samples read so far.</summary>
    public long SampleCount { get; private set; }

    /// <summary>Samples of speech found so far, in spans that have ended.</summary>
    public long SpeechSampleCount { get; private set; }

    /// <summary>Samples held now.</summary>
    public long HeldSampleCount => _window.End - _window.Start;

    /// <summary>Reads on to the next segment.</summary>
    /// <returns>Null at the end of the recording.</returns>
    /// <exception cref="AudioFormatException">The audio is broken at this place.</exception>
    public async ValueTask<AudioSegment?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_planned.TryDequeue(out PlannedSegment segment)) return new AudioSegment(segment, _window[segment.Span]);
            if (_isAtEnd) return null;
            Drop();
            int count = await _reader.ReadAsync(_block, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            SampleCount += count;
            _window.Append(_block.AsSpan(0, count));
            if (count > 0) Push(_block.AsSpan(0, count));
            else Complete();
            foreach (PlannedSegment planned in _new) _planned.Enqueue(planned);
            _new.Clear();
        }
    }

    private void Drop()
    {
        _window.DropBefore(_planner.NeededFrom);
        _probabilities.DropBefore(_planner.NeededFrom);
    }

    private void Push(ReadOnlySpan<float> samples)
    {
        if (_frames is null)
        {
            _planner.Advance(SampleCount, null, _new);
            return;
        }

        while (!samples.IsEmpty) Follow(_frames.Push(ref samples));
    }

    private void Follow(ReadOnlySpan<float> probabilities)
    {
        foreach (float probability in probabilities)
        {
            _probabilities.Add(probability);
            if (_tracker!.Push(probability, out SampleSpan span)) AddSpeech(span);
            if (_tracker.TryTakeSecond(out span)) AddSpeech(span);
            _planner.Advance(Math.Min(_tracker.Position, SampleCount), _tracker.IsOpen ? _tracker.OpenStart : null, _new);
        }
    }

    private void Complete()
    {
        _isAtEnd = true;
        if (_frames is not null) Follow(_frames.Complete());
        if (_tracker is not null && _tracker.Complete(SampleCount, out SampleSpan span)) AddSpeech(span);
        _planner.Complete(SampleCount, _new);
    }

    private void AddSpeech(SampleSpan span)
    {
        SpeechSampleCount += span.Length;
        _planner.AddSpeech(span);
    }
}
