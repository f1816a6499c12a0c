namespace Steno.Model;

/// <summary>One window of a clip, for the audio tower.</summary>
/// <param name="mel">[frames, mel bins], from the window's first frame on.</param>
/// <param name="frameCount">Frames of the window: those of a whole window, or in a clip's last one fewer.</param>
/// <param name="isPadded">True when a last chunk with fewer frames is padded with zeros to a full one, as in any clip that has a full one.</param>
/// <param name="output">Receives the window's rows, [N, H].</param>
/// <param name="firstRow">Index of its first row in the clip, for those who look at the activations.</param>
internal readonly unsafe struct EncoderWindow(float* mel, int frameCount, bool isPadded, float* output, long firstRow)
{
    public float* Mel { get; } = mel;

    public int FrameCount { get; } = frameCount;

    public bool IsPadded { get; } = isPadded;

    public float* Output { get; } = output;

    public long FirstRow { get; } = firstRow;
}
