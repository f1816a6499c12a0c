using Steno.Audio;

namespace Steno.Speech;

/// <summary>The state machine of Silero VAD: from one probability for each frame to spans of speech, without padding.</summary>
/// <remarks>
/// All decisions fall at starts of frames. A pause is a candidate for a cut at the longest span when it lasts longer than 98 ms and speech
/// goes on behind it in the same span; the longest candidate is taken, the first of equals, else the frame at which the limit is passed.
/// </remarks>
internal sealed class SpeechTracker
{
    private const double MinCandidateSamples = 0.098 * LogMelSpectrogram.SampleRateHz;
    private const long None = -1;

    private readonly int _frameLength;
    private readonly float _threshold;
    private readonly float _negativeThreshold;
    private readonly double _minSpeech;
    private readonly double _minSilence;
    private readonly double _maxSpeech;
    private long _start;
    private long _silenceStart = None;
    private SampleSpan _longestPause;
    private SampleSpan _second;

    /// <summary>Prepares the start of a recording.</summary>
    /// <param name="settings">Thresholds and lengths.</param>
    /// <param name="detector">Whose frames are followed.</param>
    public SpeechTracker(SpeechSettings settings, IVoiceActivityDetector detector)
        : this(settings, detector.FrameLength, detector.HangoverLength)
    {
    }

    /// <summary>Prepares the start of a recording.</summary>
    /// <param name="settings">Thresholds and lengths.</param>
    /// <param name="frameLength">Samples of a frame.</param>
    /// <param name="hangoverLength">Samples added to the silence that ends a span.</param>
    public SpeechTracker(SpeechSettings settings, int frameLength, int hangoverLength = 0)
    {
        _frameLength = frameLength;
        _threshold = settings.Threshold;
        _negativeThreshold = settings.NegativeThreshold;
        _minSpeech = Samples(settings.MinSpeech);
        _minSilence = Samples(settings.MinSilence) + hangoverLength;
        _maxSpeech = settings.MaxSpeech is { } maxSpeech ? Samples(maxSpeech) - frameLength - (2 * Samples(settings.Padding)) : double.PositiveInfinity;
    }

    /// <summary>Start of the next frame.</summary>
    public long Position { get; private set; }

    /// <summary>Whether the last frame lies in a span that goes on.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Start of the open span; without one the earliest sample at which the next can start.</summary>
    public long OpenStart => IsOpen ? _start : Position;

    /// <summary>Takes the next frame.</summary>
    /// <param name="probability">That it holds speech.</param>
    /// <param name="span">The span that it ends, if any.</param>
    /// <returns>Whether it ends one; more may be taken with <see cref="TryTakeSecond"/>.</returns>
    public bool Push(float probability, out SampleSpan span)
    {
        long current = Position;
        Position += _frameLength;
        span = default;
        if (probability >= _threshold)
        {
            EndPause(current);
            if (!IsOpen)
            {
                IsOpen = true;
                _start = current;
                return false;
            }
        }

        bool isCut = false;
        if (IsOpen && current - _start > _maxSpeech)
        {
            isCut = true;
            span = Cut(current);
            if (!IsOpen) return true;
        }

        if (probability >= _negativeThreshold || !IsOpen) return isCut;
        if (_silenceStart == None) _silenceStart = current;
        if (current - _silenceStart < _minSilence) return isCut;
        SampleSpan closed = new(_start, _silenceStart);
        Close();
        if (!(closed.Length > _minSpeech)) return isCut;
        if (isCut) _second = closed;
        else span = closed;
        return true;
    }

    /// <summary>Takes the second span that one frame ended: what a cut left of the first, when silence ends it at once.</summary>
    public bool TryTakeSecond(out SampleSpan span)
    {
        span = _second;
        _second = default;
        return span.Length > 0;
    }

    /// <summary>Ends the recording.</summary>
    /// <param name="sampleCount">Its length, without what filled up the last frame.</param>
    /// <param name="span">The span that it ends, if any.</param>
    public bool Complete(long sampleCount, out SampleSpan span)
    {
        span = new SampleSpan(_start, sampleCount);
        bool isSpeech = IsOpen && span.Length > _minSpeech;
        Close();
        return isSpeech;
    }

    private static double Samples(TimeSpan duration) => duration.TotalSeconds * LogMelSpectrogram.SampleRateHz;

    private void EndPause(long current)
    {
        if (_silenceStart == None) return;
        var pause = new SampleSpan(_silenceStart, current);
        if (pause.Length > MinCandidateSamples && pause.Length > _longestPause.Length) _longestPause = pause;
        _silenceStart = None;
    }

    private SampleSpan Cut(long current)
    {
        SampleSpan span;
        if (_longestPause.Length > 0)
        {
            span = new SampleSpan(_start, _longestPause.Start);
            _start = _longestPause.End;
            _silenceStart = None;
            _longestPause = default;
            return span;
        }

        span = new SampleSpan(_start, current);
        Close();
        return span;
    }

    private void Close()
    {
        IsOpen = false;
        _silenceStart = None;
        _longestPause = default;
    }
}
