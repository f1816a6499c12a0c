using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Model;

/// <summary>Weights of one layer of the language model (<c>thinker.model.layers.{i}.*</c>).</summary>
internal sealed class TextDecoderLayerWeights
{
    public TextDecoderLayerWeights(TextDecoderConfig config, IWeightBuilder packer, string prefix)
    {
        InputLayernorm = packer.Vector(prefix + "input_layernorm.weight", config.Width);
        QueryKeyValue = packer.Matrices(
            config.Width,
            (prefix + "self_attn.q_proj.weight", config.QueryWidth),
            (prefix + "self_attn.k_proj.weight", config.KeyWidth),
            (prefix + "self_attn.v_proj.weight", config.KeyWidth));
        QNorm = packer.Vector(prefix + "self_attn.q_norm.weight", config.HeadWidth);
        KNorm = packer.Vector(prefix + "self_attn.k_norm.weight", config.HeadWidth);
        OProj = packer.Matrix(prefix + "self_attn.o_proj.weight", config.Width, config.QueryWidth);
        PostAttentionLayernorm = packer.Vector(prefix + "post_attention_layernorm.weight", config.Width);
        GateUp = packer.Pair(prefix + "mlp.gate_proj.weight", prefix + "mlp.up_proj.weight", config.FeedForwardWidth, config.Width);
        DownProj = packer.Matrix(prefix + "mlp.down_proj.weight", config.Width, config.FeedForwardWidth);
    }

    public AlignedBuffer<float> InputLayernorm { get; }

    /// <summary>q_proj, k_proj and v_proj as one matrix [(heads + 2 * kvHeads) * headWidth, D].</summary>
    public PackedMatrix QueryKeyValue { get; }

    /// <summary>RMSNorm of each query head, before the rotation.</summary>
    public AlignedBuffer<float> QNorm { get; }

    /// <summary>RMSNorm of each key head, before the rotation.</summary>
    public AlignedBuffer<float> KNorm { get; }

    public PackedMatrix OProj { get; }

    public AlignedBuffer<float> PostAttentionLayernorm { get; }

    /// <summary>gate_proj and up_proj as one paired matrix [2F, D].</summary>
    public PackedMatrix GateUp { get; }

    public PackedMatrix DownProj { get; }
}
