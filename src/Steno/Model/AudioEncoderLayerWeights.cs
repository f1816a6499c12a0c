using Steno.Tensors;

namespace Steno.Model;

/// <summary>Weights of one transformer layer of the audio tower (<c>thinker.audio_tower.layers.{i}.*</c>).</summary>
internal sealed class AudioEncoderLayerWeights
{
    public AudioEncoderLayerWeights(AudioEncoderConfig config, IWeightBuilder packer, string prefix)
    {
        int width = config.Width;
        SelfAttentionLayerNorm = (packer.Vector(prefix + "self_attn_layer_norm.weight", width), packer.Vector(prefix + "self_attn_layer_norm.bias", width));
        FinalLayerNorm = (packer.Vector(prefix + "final_layer_norm.weight", width), packer.Vector(prefix + "final_layer_norm.bias", width));
        QueryKeyValue = new Linear(
            packer.Matrices(width, (prefix + "self_attn.q_proj.weight", width), (prefix + "self_attn.k_proj.weight", width), (prefix + "self_attn.v_proj.weight", width)),
            packer.Vectors((prefix + "self_attn.q_proj.bias", width), (prefix + "self_attn.k_proj.bias", width), (prefix + "self_attn.v_proj.bias", width)));
        OutProj = new Linear(packer.Matrix(prefix + "self_attn.out_proj.weight", width, width), packer.Vector(prefix + "self_attn.out_proj.bias", width));
        Fc1 = new Linear(packer.Matrix(prefix + "fc1.weight", config.FeedForwardWidth, width), packer.Vector(prefix + "fc1.bias", config.FeedForwardWidth));
        Fc2 = new Linear(packer.Matrix(prefix + "fc2.weight", width, config.FeedForwardWidth), packer.Vector(prefix + "fc2.bias", width));
    }

    public (AlignedBuffer<float> Weight, AlignedBuffer<float> Bias) SelfAttentionLayerNorm { get; }

    /// <summary>q_proj, k_proj and v_proj as one matrix [3D, D].</summary>
    public Linear QueryKeyValue { get; }

    public Linear OutProj { get; }

    /// <summary>The norm before the MLP, despite its name.</summary>
    public (AlignedBuffer<float> Weight, AlignedBuffer<float> Bias) FinalLayerNorm { get; }

    public Linear Fc1 { get; }

    public Linear Fc2 { get; }
}
