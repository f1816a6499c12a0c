using Steno.Audio;
using Steno.Tensors;

namespace Steno.Clips;

/// <summary>A clip as the audio tower takes it: in range, long enough, as log-mel frames.</summary>
internal sealed class ClipFeatures
{
    /// <summary>What the model was trained on begins at half a second; shorter clips are padded with zeros.</summary>
    public const int MinSampleCount = LogMelSpectrogram.SampleRateHz / 2;

    // Below one step of 16-bit audio there is nothing to hear, and models are known to invent words for it.
    private const float SilencePeak = 1f / 32768;

    private ClipFeatures(AlignedBuffer<float> mel, int frameCount)
    {
        Mel = mel;
        FrameCount = frameCount;
    }

    /// <summary>[F, mel bins]. Whoever takes it disposes it.</summary>
    public AlignedBuffer<float> Mel { get; }

    /// <summary>F.</summary>
    public int FrameCount { get; }

    /// <summary>Computes the features of a clip.</summary>
    /// <param name="samples">16 kHz mono, at least one; brought into range in place.</param>
    /// <param name="mel">The model's front end.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Null for silence, which no model should see.</returns>
    public static ClipFeatures? Create(Span<float> samples, LogMelSpectrogram mel, CancellationToken cancellationToken)
    {
        AudioRange.Normalize(samples);
        return AudioRange.Peak(samples) <= SilencePeak ? null : Compute(samples, mel, cancellationToken);
    }

    /// <summary>Copies frames that were computed elsewhere.</summary>
    /// <param name="frames">[F, mel bins], at least one frame.</param>
    /// <param name="melBinCount">Mel bins.</param>
    public static ClipFeatures Of(ReadOnlySpan<float> frames, int melBinCount)
    {
        var buffer = new AlignedBuffer<float>(frames.Length, isZeroed: false);
        frames.CopyTo(buffer.Span);
        return new ClipFeatures(buffer, frames.Length / melBinCount);
    }

    private static ClipFeatures Compute(ReadOnlySpan<float> samples, LogMelSpectrogram mel, CancellationToken cancellationToken)
    {
        if (samples.Length < MinSampleCount)
        {
            float[] padded = new float[MinSampleCount];
            samples.CopyTo(padded);
            samples = padded;
        }

        int frameCount = LogMelSpectrogram.FrameCount(samples.Length);
        var frames = new AlignedBuffer<float>((long)frameCount * mel.MelBinCount, isZeroed: false);
        try
        {
            mel.Compute(samples, frames.Span, cancellationToken);
            return new ClipFeatures(frames, frameCount);
        }
        catch
        {
            frames.Dispose();
            throw;
        }
    }
}
