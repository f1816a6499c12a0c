namespace Steno.Speech;

/// <summary>Cuts a stream of samples, as they come, into the frames of a detector.</summary>
/// <param name="detector">Judges the frames.</param>
internal sealed class SpeechFrames(IVoiceActivityDetector detector)
{
    private const int MaxBatch = SileroDetector.MaxBatch;

    private readonly float[] _samples = new float[MaxBatch * detector.FrameLength];
    private readonly float[] _probabilities = new float[MaxBatch];
    private int _count;

    /// <summary>Takes samples until some frames are whole.</summary>
    /// <param name="samples">Samples; those that were taken are cut off.</param>
    /// <returns>Probabilities of the frames that became whole, which the next call overwrites. None only when all samples were taken.</returns>
    public ReadOnlySpan<float> Push(ref ReadOnlySpan<float> samples)
    {
        int taken = Math.Min(samples.Length, _samples.Length - _count);
        samples[..taken].CopyTo(_samples.AsSpan(_count));
        samples = samples[taken..];
        _count += taken;
        return Detect(_count / detector.FrameLength);
    }

    /// <summary>Ends the stream: a frame that is not whole is filled up with silence.</summary>
    /// <returns>Its probability, or nothing.</returns>
    public ReadOnlySpan<float> Complete()
    {
        if (_count == 0) return [];
        _samples.AsSpan(_count, detector.FrameLength - _count).Clear();
        _count = detector.FrameLength;
        return Detect(1);
    }

    private Span<float> Detect(int frameCount)
    {
        int length = frameCount * detector.FrameLength;
        Span<float> probabilities = _probabilities.AsSpan(0, frameCount);
        detector.Detect(_samples.AsSpan(0, length), probabilities);
        _samples.AsSpan(length, _count - length).CopyTo(_samples);
        _count -= length;
        return probabilities;
    }
}
