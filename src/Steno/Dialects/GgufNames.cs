using Steno.Checkpoints;

namespace Steno.Dialects;

/// <summary>How a GGUF dialect names the tensors of the original checkpoint. All dialects store the same arrays under other names.</summary>
internal sealed class GgufNames
{
    private const string AudioLayers = ModelTensors.AudioPrefix + "layers.";
    private const string TextLayers = ModelTensors.TextPrefix + "layers.";

    private static readonly Dictionary<string, string> TextParts = new(StringComparer.Ordinal)
    {
        ["input_layernorm"] = "attn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.q_norm"] = "attn_q_norm",
        ["self_attn.k_norm"] = "attn_k_norm",
        ["self_attn.o_proj"] = "attn_output",
        ["post_attention_layernorm"] = "ffn_norm",
        ["mlp.gate_proj"] = "ffn_gate",
        ["mlp.up_proj"] = "ffn_up",
        ["mlp.down_proj"] = "ffn_down",
    };

    private readonly Dictionary<string, string> _parts;

    private GgufNames(string textPrefix, string audioPrefix, string audioLayerPrefix, params (string Original, string Name)[] audioParts)
    {
        TextLayerPrefix = textPrefix + "blk.";
        AudioLayerPrefix = audioLayerPrefix;
        _parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["thinker.model.embed_tokens"] = textPrefix + "token_embd",
            ["thinker.model.norm"] = textPrefix + "output_norm",
            ["thinker.lm_head"] = textPrefix + "output",
        };
        foreach ((string original, string name) in audioParts)
        {
            bool isOfLayer = original.StartsWith("layers.", StringComparison.Ordinal);
            bool isOutside = name.StartsWith("mm.", StringComparison.Ordinal);
            _parts.Add(ModelTensors.AudioPrefix + original, isOfLayer || isOutside ? name : audioPrefix + name);
        }
    }

    /// <summary>CrispASR: one file.</summary>
    public static GgufNames CrispAsr { get; } = new(
        string.Empty, "audio.", "audio.blk.", [.. Layer("attn_norm", "attn_out", "ffn_norm"), .. Stem("conv.1", "conv.2", "conv.3", "ln_post", "proj1", "proj2")]);

    /// <summary>llama.cpp: a text file and a file of the audio tower.</summary>
    public static GgufNames LlamaCpp { get; } = new(
        string.Empty, "a.", "a.blk.", [.. Layer("ln1", "attn_out", "ln2"), .. Stem("conv2d.1", "conv2d.2", "conv2d.3", "post_ln", "mm.a.mlp.1", "mm.a.mlp.2")]);

    /// <summary>predict-woo/qwen3-asr.cpp: one file.</summary>
    public static GgufNames PredictWoo { get; } = new(
        string.Empty, "audio.encoder.", "audio.encoder.blk.", [.. Layer("attn_norm", "attn_out", "ffn_norm"), .. Stem("conv1", "conv2", "conv3", "ln_post", "proj1", "proj2")]);

    /// <summary>qwenasr.cpp: one file.</summary>
    public static GgufNames QwenAsrCpp { get; } = new(
        "thinker.", "thinker.audio.", "thinker.audio.blk.", [.. Layer("attn_norm", "attn_output", "ffn_norm"), .. Stem("conv1", "conv2", "conv3", "post_norm", "proj1", "proj2")]);

    /// <summary>What names of decoder layers begin with, before the number.</summary>
    public string TextLayerPrefix { get; }

    /// <summary>What names of encoder layers begin with, before the number.</summary>
    public string AudioLayerPrefix { get; }

    /// <summary>The dialect's name of a tensor.</summary>
    /// <param name="original">The original name, such as <c>thinker.model.norm.weight</c>.</param>
    /// <returns>Null for a name that the original checkpoint does not have.</returns>
    public string? Translate(string original)
    {
        int dot = original.LastIndexOf('.');
        if (dot < 0) return null;
        string stem = original[..dot];
        string suffix = original[dot..];
        if (TryOfLayer(stem, TextLayers, out string number, out string part))
            return TextParts.TryGetValue(part, out string? name) ? $"{TextLayerPrefix}{number}.{name}{suffix}" : null;
        if (TryOfLayer(stem, AudioLayers, out number, out part))
            return _parts.TryGetValue(AudioLayers + part, out string? name) ? $"{AudioLayerPrefix}{number}.{name}{suffix}" : null;
        return _parts.TryGetValue(stem, out string? whole) ? whole + suffix : null;
    }

    private static bool TryOfLayer(string stem, string prefix, out string number, out string part)
    {
        number = part = string.Empty;
        if (!stem.StartsWith(prefix, StringComparison.Ordinal)) return false;
        int dot = stem.IndexOf('.', prefix.Length);
        if (dot < 0) return false;
        number = stem[prefix.Length..dot];
        part = stem[(dot + 1)..];
        return true;
    }

    private static (string Original, string Name)[] Layer(string attentionNorm, string attentionOutput, string feedForwardNorm) =>
    [
        ("layers.self_attn_layer_norm", attentionNorm),
        ("layers.self_attn.q_proj", "attn_q"),
        ("layers.self_attn.k_proj", "attn_k"),
        ("layers.self_attn.v_proj", "attn_v"),
        ("layers.self_attn.out_proj", attentionOutput),
        ("layers.final_layer_norm", feedForwardNorm),
        ("layers.fc1", "ffn_up"),
        ("layers.fc2", "ffn_down"),
    ];

    private static (string Original, string Name)[] Stem(string conv1, string conv2, string conv3, string norm, string proj1, string proj2) =>
    [
        ("conv2d1", conv1),
        ("conv2d2", conv2),
        ("conv2d3", conv3),
        ("conv_out", "conv_out"),
        ("ln_post", norm),
        ("proj1", proj1),
        ("proj2", proj2),
    ];
}
