using Steno.Model;

namespace Steno.Checkpoints;

/// <summary>The tensors of a model, by the original names of the checkpoint, in the order in which files hold them.</summary>
internal static class ModelTensors
{
    public const string AudioPrefix = "thinker.audio_tower.";

    public const string TextPrefix = "thinker.model.";

    public const string EmbedTokens = TextPrefix + "embed_tokens.weight";

    public const string LmHead = "thinker.lm_head.weight";

    /// <summary>Lists the tensors: audio tower, embedding, decoder, final norm, and the head where it is not tied.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Of(ModelConfig config) => Of(config.Audio, config.Text);

    /// <inheritdoc cref="Of(ModelConfig)"/>
    public static IEnumerable<(string Name, long[] Shape)> Of(AudioEncoderConfig audio, TextDecoderConfig text)
    {
        foreach ((string name, long[] shape) in Audio(audio)) yield return (AudioPrefix + name, shape);
        yield return (EmbedTokens, [text.VocabularySize, text.Width]);
        for (int i = 0; i < text.LayerCount; i++)
        {
            foreach ((string name, long[] shape) in TextLayer(text)) yield return ($"{TextPrefix}layers.{i}.{name}", shape);
        }

        yield return (TextPrefix + "norm.weight", [text.Width]);
        if (!text.HasTiedHead) yield return (LmHead, [text.VocabularySize, text.Width]);
    }

    private static IEnumerable<(string Name, long[] Shape)> Audio(AudioEncoderConfig audio)
    {
        long channels = audio.ConvChannelCount;
        long width = audio.Width;
        for (int i = 1; i <= 3; i++)
        {
            yield return ($"conv2d{i}.weight", [channels, i == 1 ? 1 : channels, 3, 3]);
            yield return ($"conv2d{i}.bias", [channels]);
        }

        yield return ("conv_out.weight", [width, channels * audio.StemFrequencyCount]);
        for (int i = 0; i < audio.LayerCount; i++)
        {
            foreach ((string name, long[] shape) in AudioLayer(audio)) yield return ($"layers.{i}.{name}", shape);
        }

        yield return ("ln_post.weight", [width]);
        yield return ("ln_post.bias", [width]);
        yield return ("proj1.weight", [width, width]);
        yield return ("proj1.bias", [width]);
        yield return ("proj2.weight", [audio.OutputWidth, width]);
        yield return ("proj2.bias", [audio.OutputWidth]);
    }

    private static IEnumerable<(string Name, long[] Shape)> AudioLayer(AudioEncoderConfig audio)
    {
        long width = audio.Width;
        long inner = audio.FeedForwardWidth;
        yield return ("self_attn_layer_norm.weight", [width]);
        yield return ("self_attn_layer_norm.bias", [width]);
        foreach (string name in new[] { "q_proj", "k_proj", "v_proj", "out_proj" })
        {
            yield return ($"self_attn.{name}.weight", [width, width]);
            yield return ($"self_attn.{name}.bias", [width]);
        }

        yield return ("final_layer_norm.weight", [width]);
        yield return ("final_layer_norm.bias", [width]);
        yield return ("fc1.weight", [inner, width]);
        yield return ("fc1.bias", [inner]);
        yield return ("fc2.weight", [width, inner]);
        yield return ("fc2.bias", [width]);
    }

    private static IEnumerable<(string Name, long[] Shape)> TextLayer(TextDecoderConfig text)
    {
        yield return ("input_layernorm.weight", [text.Width]);
        yield return ("self_attn.q_proj.weight", [text.QueryWidth, text.Width]);
        yield return ("self_attn.k_proj.weight", [text.KeyWidth, text.Width]);
        yield return ("self_attn.v_proj.weight", [text.KeyWidth, text.Width]);
        yield return ("self_attn.q_norm.weight", [text.HeadWidth]);
        yield return ("self_attn.k_norm.weight", [text.HeadWidth]);
        yield return ("self_attn.o_proj.weight", [text.Width, text.QueryWidth]);
        yield return ("post_attention_layernorm.weight", [text.Width]);
        yield return ("mlp.gate_proj.weight", [text.FeedForwardWidth, text.Width]);
        yield return ("mlp.up_proj.weight", [text.FeedForwardWidth, text.Width]);
        yield return ("mlp.down_proj.weight", [text.Width, text.FeedForwardWidth]);
    }
}
