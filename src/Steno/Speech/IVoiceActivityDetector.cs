namespace Steno.Speech;

/// <summary>Says of each frame of a stream how probable it is that somebody speaks in it.</summary>
/// <remarks>Frames follow each other without a gap; what a detector remembers of the past makes its answer to the next. No frame allocates.</remarks>
internal interface IVoiceActivityDetector : IDisposable
{
    /// <summary>Samples of a frame, 16 kHz mono.</summary>
    int FrameLength { get; }

    /// <summary>Samples of silence that a pause must last beyond what is asked for, because the detector hears ends too early.</summary>
    int HangoverLength { get; }

    /// <summary>Judges the next frames; any grouping of frames into calls gives the same bits.</summary>
    /// <param name="frames">[frames, <see cref="FrameLength"/>] samples, nominally in [-1, 1].</param>
    /// <param name="probabilities">Receives one value of 0 to 1 for each frame.</param>
    void Detect(ReadOnlySpan<float> frames, Span<float> probabilities);

    /// <summary>Forgets the past: the next frame is the first of another recording.</summary>
    void Reset();
}
