using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Model;

/// <summary>Weights of the language model (<c>thinker.model.*</c>); <see cref="ModelWeights"/> owns them.</summary>
internal sealed class TextDecoderWeights
{
    private const string Prefix = "thinker.model.";

    /// <summary>Packs the decoder.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape than the configuration calls for.</exception>
    public TextDecoderWeights(TextDecoderConfig config, IWeightBuilder packer)
    {
        EmbedTokens = packer.Head(Prefix + "embed_tokens.weight", config.VocabularySize, config.Width);
        Layers = new TextDecoderLayerWeights[config.LayerCount];
        for (int i = 0; i < Layers.Length; i++) Layers[i] = new TextDecoderLayerWeights(config, packer, $"{Prefix}layers.{i}.");
        Norm = packer.Vector(Prefix + "norm.weight", config.Width);
        LmHead = config.HasTiedHead ? EmbedTokens : packer.Head("thinker.lm_head.weight", config.VocabularySize, config.Width);
    }

    public PackedMatrix EmbedTokens { get; }

    public TextDecoderLayerWeights[] Layers { get; }

    public AlignedBuffer<float> Norm { get; }

    /// <summary>The output head [V, D]; the embedding table itself when the head is tied.</summary>
    public PackedMatrix LmHead { get; }
}
