using Steno.Model;

namespace Steno.Verification;

/// <summary>A published checkpoint, known by its dimensions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="EncoderSums">What is known of its audio encoder; null where nothing is.</param>
internal sealed record PublishedModel(string Name, EncoderSums? EncoderSums)
{
    /// <summary>The published checkpoint of these dimensions; null when there is none.</summary>
    public static PublishedModel? Find(ModelConfig config)
    {
        AudioEncoderConfig audio = config.Audio;
        TextDecoderConfig text = config.Text;
        if (text is not { VocabularySize: 151936, LayerCount: 28, HeadCount: 16, KvHeadCount: 8, HeadWidth: 128 }) return null;
        return (audio.Width, audio.LayerCount, audio.FeedForwardWidth, text.Width, text.FeedForwardWidth) switch
        {
            (896, 18, 3584, 1024, 3072) => new PublishedModel("Qwen3-ASR-0.6B", PublishedFacts.EncoderSums),
            (1024, 24, 4096, 2048, 6144) => new PublishedModel("Qwen3-ASR-1.7B", EncoderSums: null),
            _ => null,
        };
    }
}
