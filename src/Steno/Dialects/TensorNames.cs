using Steno.Checkpoints;

namespace Steno.Dialects;

/// <summary>How a program names the tensors of the original checkpoint. All programs here store the same arrays under other names.</summary>
internal sealed class TensorNames
{
    private const string AudioLayers = ModelTensors.AudioPrefix + "layers.";
    private const string TextLayers = ModelTensors.TextPrefix + "layers.";

    // Names of GGML's own convention for language models, which most programs follow.
    private static readonly (string Original, string Name)[] CommonTextParts =
    [
        ("input_layernorm", "attn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.q_norm", "attn_q_norm"),
        ("self_attn.k_norm", "attn_k_norm"),
        ("self_attn.o_proj", "attn_output"),
        ("post_attention_layernorm", "ffn_norm"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ];

    private readonly Dictionary<string, string> _whole;
    private readonly Dictionary<string, string> _textParts;
    private readonly Dictionary<string, string> _audioParts;

    private TensorNames((string Layers, (string, string)[] Parts) text, (string Layers, (string, string)[] Parts) audio, params (string Original, string Name)[] whole)
    {
        TextLayerPrefix = text.Layers;
        AudioLayerPrefix = audio.Layers;
        _textParts = Index(text.Parts);
        _audioParts = Index(audio.Parts);
        _whole = Index(whole);
    }

    /// <summary>CrispASR: one GGUF file.</summary>
    public static TensorNames CrispAsr { get; } = new(
        ("blk.", CommonTextParts),
        ("audio.blk.", AudioParts("attn_norm", "attn_out", "ffn_norm")),
        [.. CommonText(string.Empty), .. Stem("audio.", "conv.1", "conv.2", "conv.3", "ln_post", "audio.proj1", "audio.proj2")]);

    /// <summary>llama.cpp: a GGUF file of text and one of the audio tower.</summary>
    public static TensorNames LlamaCpp { get; } = new(
        ("blk.", CommonTextParts),
        ("a.blk.", AudioParts("ln1", "attn_out", "ln2")),
        [.. CommonText(string.Empty), .. Stem("a.", "conv2d.1", "conv2d.2", "conv2d.3", "post_ln", "mm.a.mlp.1", "mm.a.mlp.2")]);

    /// <summary>predict-woo/qwen3-asr.cpp: one GGUF file.</summary>
    public static TensorNames PredictWoo { get; } = new(
        ("blk.", CommonTextParts),
        ("audio.encoder.blk.", AudioParts("attn_norm", "attn_out", "ffn_norm")),
        [.. CommonText(string.Empty), .. Stem("audio.encoder.", "conv1", "conv2", "conv3", "ln_post", "audio.encoder.proj1", "audio.encoder.proj2")]);

    /// <summary>qwenasr.cpp: one GGUF file.</summary>
    public static TensorNames QwenAsrCpp { get; } = new(
        ("thinker.blk.", CommonTextParts),
        ("thinker.audio.blk.", AudioParts("attn_norm", "attn_output", "ffn_norm")),
        [.. CommonText("thinker."), .. Stem("thinker.audio.", "conv1", "conv2", "conv3", "post_norm", "thinker.audio.proj1", "thinker.audio.proj2")]);

    /// <summary>transcribe.cpp: one GGUF file, without a head: the embedding is it.</summary>
    public static TensorNames TranscribeCpp { get; } = new(
        ("dec.blocks.",
        [
            ("input_layernorm", "norm_attn"),
            ("self_attn.q_proj", "attn.q"),
            ("self_attn.k_proj", "attn.k"),
            ("self_attn.v_proj", "attn.v"),
            ("self_attn.o_proj", "attn.o"),
            ("self_attn.q_norm", "attn.q_norm"),
            ("self_attn.k_norm", "attn.k_norm"),
            ("post_attention_layernorm", "norm_ffn"),
            ("mlp.gate_proj", "ffn.gate"),
            ("mlp.up_proj", "ffn.up"),
            ("mlp.down_proj", "ffn.down"),
        ]),
        ("enc.blocks.",
        [
            ("self_attn_layer_norm", "norm_attn"),
            ("self_attn.q_proj", "attn.q"),
            ("self_attn.k_proj", "attn.k"),
            ("self_attn.v_proj", "attn.v"),
            ("self_attn.out_proj", "attn.out"),
            ("final_layer_norm", "norm_ffn"),
            ("fc1", "ffn.fc1"),
            ("fc2", "ffn.fc2"),
        ]),
        [
            ("thinker.model.embed_tokens", "dec.token_embd"),
            ("thinker.model.norm", "dec.output_norm"),
            .. Stem("enc.", "conv.0", "conv.1", "conv.2", "ln_post", "enc.proj1", "enc.proj2"),
        ]);

    /// <summary>chatllm.cpp: one file of its own format.</summary>
    public static TensorNames ChatLlm { get; } = new(
        ("model.layers.", [.. CommonTextParts.Select(part => (part.Original, part.Original))]),
        ("audio.layers.",
        [
            ("self_attn_layer_norm", "input_layernorm"),
            ("self_attn.q_proj", "self_attn.q_proj"),
            ("self_attn.k_proj", "self_attn.k_proj"),
            ("self_attn.v_proj", "self_attn.v_proj"),
            ("self_attn.out_proj", "self_attn.o_proj"),
            ("final_layer_norm", "post_attention_layernorm"),
            ("fc1", "mlp.fc0"),
            ("fc2", "mlp.fc1"),
        ]),
        [
            ("thinker.model.embed_tokens", "model.embed_tokens"),
            ("thinker.model.norm", "model.norm"),
            ("thinker.lm_head", "lm_head"),
            .. Stem("audio.", "conv2d1", "conv2d2", "conv2d3", "ln_post", "multi_modal_projector.proj1", "multi_modal_projector.proj2"),
        ]);

    /// <summary>What names of decoder layers begin with, before the number.</summary>
    public string TextLayerPrefix { get; }

    /// <summary>What names of encoder layers begin with, before the number.</summary>
    public string AudioLayerPrefix { get; }

    /// <summary>The program's name of a tensor.</summary>
    /// <param name="original">The original name, such as <c>thinker.model.norm.weight</c>.</param>
    /// <returns>Null for a name that the original checkpoint does not have, and for a head where the program has none.</returns>
    public string? Translate(string original)
    {
        int dot = original.LastIndexOf('.');
        if (dot < 0) return null;
        string stem = original[..dot];
        string suffix = original[dot..];
        if (TryOfLayer(stem, TextLayers, out string number, out string part))
            return _textParts.TryGetValue(part, out string? name) ? $"{TextLayerPrefix}{number}.{name}{suffix}" : null;
        if (TryOfLayer(stem, AudioLayers, out number, out part))
            return _audioParts.TryGetValue(part, out string? name) ? $"{AudioLayerPrefix}{number}.{name}{suffix}" : null;
        return _whole.TryGetValue(stem, out string? whole) ? whole + suffix : null;
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

    private static Dictionary<string, string> Index((string Original, string Name)[] names) =>
        names.ToDictionary(name => name.Original, name => name.Name, StringComparer.Ordinal);

    private static (string Original, string Name)[] CommonText(string prefix) =>
    [
        ("thinker.model.embed_tokens", prefix + "token_embd"),
        ("thinker.model.norm", prefix + "output_norm"),
        ("thinker.lm_head", prefix + "output"),
    ];

    private static (string Original, string Name)[] AudioParts(string attentionNorm, string attentionOutput, string feedForwardNorm) =>
    [
        ("self_attn_layer_norm", attentionNorm),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.out_proj", attentionOutput),
        ("final_layer_norm", feedForwardNorm),
        ("fc1", "ffn_up"),
        ("fc2", "ffn_down"),
    ];

    private static (string Original, string Name)[] Stem(string prefix, string conv1, string conv2, string conv3, string norm, string proj1, string proj2) =>
    [
        (ModelTensors.AudioPrefix + "conv2d1", prefix + conv1),
        (ModelTensors.AudioPrefix + "conv2d2", prefix + conv2),
        (ModelTensors.AudioPrefix + "conv2d3", prefix + conv3),
        (ModelTensors.AudioPrefix + "conv_out", prefix + "conv_out"),
        (ModelTensors.AudioPrefix + "ln_post", prefix + norm),
        (ModelTensors.AudioPrefix + "proj1", proj1),
        (ModelTensors.AudioPrefix + "proj2", proj2),
    ];
}
