using Steno.Speech;

namespace Steno.Tests.Speech;

/// <summary>Gives out probabilities that a test made; 0 behind them.</summary>
internal sealed class TrackDetector(float[] track, int frameLength = 512) : IVoiceActivityDetector
{
    private int _index;

    public int FrameLength => frameLength;

    public int HangoverLength => 0;

    public void Detect(ReadOnlySpan<float> frames, Span<float> probabilities)
    {
        foreach (ref float probability in probabilities)
        {
            probability = _index < track.Length ? track[_index] : 0;
            _index++;
        }
    }

    public void Reset() => _index = 0;

    public void Dispose()
    {
    }
}
