using Steno.Audio;

namespace Steno.Speech;

/// <summary>Finds the spans of speech in a stream of samples; holds none of the audio but a frame.</summary>
internal sealed class SpeechFinder
{
    private readonly SpeechFrames _frames;
    private readonly SpeechTracker _tracker;
    private readonly SpeechPadding _padding;
    private long _sampleCount;

    /// <summary>Prepares the start of a recording.</summary>
    /// <param name="detector">Judges the frames; used until the end of the recording.</param>
    /// <param name="settings">What counts as a span.</param>
    public SpeechFinder(IVoiceActivityDetector detector, SpeechSettings settings)
    {
        detector.Reset();
        _frames = new SpeechFrames(detector);
        _tracker = new SpeechTracker(settings, detector);
        _padding = new SpeechPadding((long)(settings.Padding.TotalSeconds * LogMelSpectrogram.SampleRateHz));
    }

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">16 kHz mono, in pieces of any length.</param>
    /// <param name="spans">Receives the spans that are certain by now, in their order.</param>
    public void Push(ReadOnlySpan<float> samples, ICollection<SampleSpan> spans)
    {
        _sampleCount += samples.Length;
        while (!samples.IsEmpty) Follow(_frames.Push(ref samples), spans);
    }

    /// <summary>Ends the recording.</summary>
    /// <param name="spans">Receives the remaining spans.</param>
    public void Complete(ICollection<SampleSpan> spans)
    {
        Follow(_frames.Complete(), spans);
        if (_tracker.Complete(_sampleCount, out SampleSpan span)) Add(_padding.Add(span), spans);
        Add(_padding.Complete(_sampleCount), spans);
    }

    private void Follow(ReadOnlySpan<float> probabilities, ICollection<SampleSpan> spans)
    {
        foreach (float probability in probabilities)
        {
            if (_tracker.Push(probability, out SampleSpan span)) Add(_padding.Add(span), spans);
            if (_tracker.TryTakeSecond(out span)) Add(_padding.Add(span), spans);
            Add(_padding.Settle(_tracker.OpenStart), spans);
        }
    }

    private static void Add(SampleSpan? span, ICollection<SampleSpan> spans)
    {
        if (span is { } known) spans.Add(known);
    }
}
