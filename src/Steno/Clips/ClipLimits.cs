using Steno.Audio;
using Steno.Decoding;
using Steno.Model;

namespace Steno.Clips;

/// <summary>How long a clip and its text may be.</summary>
internal static class ClipLimits
{
    // The official package hands clips of at most 20 minutes to the model.
    private const int MaxClipSeconds = 1200;

    // Speech is at most some 5 words a second; a clip that needs more tokens than this is a loop.
    private const int TokensPerSecond = 12;
    private const int MinTokenLimit = 256;

    /// <summary>Tokens that a clip of a length may have at most, where the caller does not say.</summary>
    public static int TokensOf(TimeSpan duration) => Math.Max(MinTokenLimit, (int)Math.Ceiling(duration.TotalSeconds * TokensPerSecond));

    /// <summary>Tokens that the model has positions for after a prompt; 0 or less when even the prompt has not.</summary>
    public static int Room(TextDecoderConfig config, Prompt prompt) => config.MaxPositionCount - prompt.Ids.Length + 1;

    /// <summary>Samples of the longest clip: with its search margin, a prompt and the text it has to fit into the model's positions.</summary>
    /// <param name="config">Dimensions of the model.</param>
    /// <param name="promptLength">Characters of text in the prompt.</param>
    public static int LongestClip(ModelConfig config, int promptLength)
    {
        AudioEncoderConfig audio = config.Audio;
        double audioTokensPerSecond = (double)audio.ChunkTokenCount * LogMelSpectrogram.SampleRateHz / (LogMelSpectrogram.HopLength * audio.ChunkFrameCount);
        int positions = config.Text.MaxPositionCount - MinTokenLimit - promptLength;
        double seconds = (positions / (audioTokensPerSecond + TokensPerSecond)) - AudioSplitter.SearchSeconds;
        return (int)Math.Clamp(seconds, 1, MaxClipSeconds) * LogMelSpectrogram.SampleRateHz;
    }
}
