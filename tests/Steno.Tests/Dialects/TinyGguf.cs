using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Steno.Tensors;
using Steno.Tests.Checkpoints;

namespace Steno.Tests.Dialects;

/// <summary>The built-in checkpoint as other programs would store it in GGUF, written by the description of each dialect.</summary>
internal static class TinyGguf
{
    private const int VocabularySize = 1123;
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private static readonly List<StoredTensor> Original = TinyCheckpoint.ReadTensors();

    /// <summary>GGML's numbers of the types that the files here use.</summary>
    public static int TypeId(string type) => type switch
    {
        "F32" => 0,
        "F16" => 1,
        "Q4_0" => 2,
        "Q4_1" => 3,
        "Q5_0" => 6,
        "Q5_1" => 7,
        "Q8_0" => 8,
        "Q2_K" => 10,
        "Q3_K" => 11,
        "Q4_K" => 12,
        "Q5_K" => 13,
        "Q6_K" => 14,
        "IQ4_NL" => 20,
        "IQ4_XS" => 23,
        "BF16" => 30,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No type of these files."),
    };

    /// <summary>A file by CrispASR's converter.</summary>
    public static GgufTestWriter CrispAsr(TinyGgufOptions options)
    {
        int r = options.Copies;
        var file = new GgufTestWriter()
            .Text("general.architecture", "qwen3asr")
            .Number("qwen3asr.sample_rate", 16000).Number("qwen3asr.n_mels", 128)
            .Number("qwen3asr.n_fft", 400).Number("qwen3asr.win_length", 400).Number("qwen3asr.hop_length", 160)
            .Number("qwen3asr.audio.n_layers", 4).Number("qwen3asr.audio.d_model", 128 * (uint)r)
            .Number("qwen3asr.audio.n_heads", 2 * (uint)r).Number("qwen3asr.audio.head_dim", 64)
            .Number("qwen3asr.audio.ff_dim", 512 * (uint)r).Number("qwen3asr.audio.conv_channels", 48)
            .Number("qwen3asr.audio.proj_dim", 128 * (uint)r).Number("qwen3asr.audio.max_source_pos", 1500)
            .Number("qwen3asr.llm.n_layers", 4).Number("qwen3asr.llm.d_model", 128 * (uint)r)
            .Number("qwen3asr.llm.n_heads", 2 * (uint)r).Number("qwen3asr.llm.n_kv_heads", (uint)r).Number("qwen3asr.llm.head_dim", 128)
            .Number("qwen3asr.llm.ff_dim", 384 * (uint)r).Single("qwen3asr.llm.rope_theta", 1e6f).Single("qwen3asr.llm.rms_norm_eps", 1e-6f)
            .Number("qwen3asr.llm.vocab_size", VocabularySize).Number("qwen3asr.llm.max_pos", 65536)
            .Number("qwen3asr.audio_start_token_id", 1118).Number("qwen3asr.audio_end_token_id", 1119).Number("qwen3asr.audio_pad_token_id", 1120)
            .Number("qwen3asr.eos_token_id", 1117).Number("qwen3asr.pad_token_id", 1115)
            .Text("tokenizer.ggml.model", "gpt2").Texts("tokenizer.ggml.tokens", Tokens()).Texts("tokenizer.ggml.merges", Merges());
        file.Tensor("audio.mel_window", [400], 0, new byte[1600]);
        return AddTensors(file, options, name => TextName(name) ?? Layer(name, "audio.blk.", "attn_norm", "attn_out", "ffn_norm")
            ?? Stem(name, "audio.", "conv.1", "conv.2", "conv.3", "ln_post", "audio.proj1", "audio.proj2"), hasHead: true);
    }

    /// <summary>A file by predict-woo's converter.</summary>
    public static GgufTestWriter PredictWoo(TinyGgufOptions options)
    {
        GgufTestWriter file = LanguageModelKeys(new GgufTestWriter().Text("general.architecture", "qwen3-asr"), "qwen3-asr", options.Copies)
            .Number("qwen3-asr.vocab_size", VocabularySize)
            .Number("qwen3-asr.audio.encoder.layer_count", 4).Number("qwen3-asr.audio.encoder.embedding_length", 128 * (uint)options.Copies)
            .Number("qwen3-asr.audio.encoder.attention.head_count", 2 * (uint)options.Copies).Number("qwen3-asr.audio.encoder.feed_forward_length", 512 * (uint)options.Copies)
            .Number("qwen3-asr.audio.num_mel_bins", 128).Number("qwen3-asr.audio.conv_channels", 48)
            .Number("qwen3-asr.audio.start_token_id", 1118).Number("qwen3-asr.audio.end_token_id", 1119).Number("qwen3-asr.audio.pad_token_id", 1120);
        AddTokenizer(file);
        return AddTensors(file, options, name => TextName(name) ?? Layer(name, "audio.encoder.blk.", "attn_norm", "attn_out", "ffn_norm")
            ?? Stem(name, "audio.encoder.", "conv1", "conv2", "conv3", "ln_post", "audio.encoder.proj1", "audio.encoder.proj2"), hasHead: true);
    }

    /// <summary>A file by qwenasr.cpp's converter.</summary>
    public static GgufTestWriter QwenAsrCpp(TinyGgufOptions options)
    {
        GgufTestWriter file = LanguageModelKeys(new GgufTestWriter().Text("general.architecture", "qwenasr"), "qwenasr", options.Copies)
            .Number("qwenasr.vocab_size", VocabularySize).Number("qwenasr.context_length", 65536)
            .Number("qwenasr.audio.d_model", 128 * (uint)options.Copies).Number("qwenasr.audio.downsample_hidden_size", 48)
            .Number("qwenasr.audio.encoder_layers", 4).Number("qwenasr.audio.encoder_attention_heads", 2 * (uint)options.Copies)
            .Number("qwenasr.audio.encoder_ffn_dim", 512 * (uint)options.Copies).Number("qwenasr.audio.num_mel_bins", 128)
            .Number("qwenasr.audio.output_dim", 128 * (uint)options.Copies).Number("qwenasr.audio.n_window", 50)
            .Number("qwenasr.audio.n_window_infer", 800).Number("qwenasr.audio.max_source_positions", 1500)
            .Number("qwenasr.audio_start_token_id", 1118).Number("qwenasr.audio_end_token_id", 1119).Number("qwenasr.audio_token_id", 1120);
        AddTokenizer(file);
        return AddTensors(file, options, name => (TextName(name) is { } text ? "thinker." + text : null) ?? Layer(name, "thinker.audio.blk.", "attn_norm", "attn_output", "ffn_norm")
            ?? Stem(name, "thinker.audio.", "conv1", "conv2", "conv3", "post_norm", "thinker.audio.proj1", "thinker.audio.proj2"), hasHead: false);
    }

    /// <summary>The text file of a llama.cpp pair.</summary>
    /// <param name="options">How the weights are stored.</param>
    /// <param name="architecture">qwen3 by the early patch, qwen3vl by llama.cpp itself.</param>
    public static GgufTestWriter LlamaText(TinyGgufOptions options, string architecture)
    {
        GgufTestWriter file = LanguageModelKeys(new GgufTestWriter().Text("general.architecture", architecture), architecture, options.Copies)
            .Number(architecture + ".context_length", 65536).Number(architecture + ".attention.value_length", 128);
        if (architecture == "qwen3vl") file.Integers("qwen3vl.rope.dimension_sections", [24, 20, 20, 0]).Number("qwen3vl.n_deepstack_layers", 0);
        AddTokenizer(file);
        return AddTensors(file, options, TextName, hasHead: architecture == "qwen3");
    }

    /// <summary>The mmproj file of a llama.cpp pair.</summary>
    public static GgufTestWriter LlamaAudio(TinyGgufOptions options, bool isEarly)
    {
        uint r = (uint)options.Copies;
        GgufTestWriter file = new GgufTestWriter().Text("general.architecture", "clip").Bool("clip.has_audio_encoder", true);
        if (isEarly) file.Text("clip.projector_type", "qwen3asr").Number("clip.audio.downsample_hidden_size", 48).Number("clip.audio.n_window", 50).Number("clip.audio.n_window_infer", 800);
        else file.Text("general.type", "mmproj").Text("clip.audio.projector_type", "qwen3a");
        file.Number("clip.audio.embedding_length", 128 * r).Number("clip.audio.feed_forward_length", 512 * r).Number("clip.audio.block_count", 4)
            .Number("clip.audio.attention.head_count", 2 * r).Single("clip.audio.attention.layer_norm_epsilon", 1e-5f)
            .Number("clip.audio.num_mel_bins", 128).Number("clip.audio.projection_dim", 128 * r);
        file.Tensor("a.position_embd.weight", [1500, 128 * r], 0, new byte[1500 * 128 * r * 4]);
        return AddTensors(file, options, name => Layer(name, "a.blk.", "ln1", "attn_out", "ln2") ?? Stem(name, "a.", "conv2d.1", "conv2d.2", "conv2d.3", "post_ln", "mm.a.mlp.1", "mm.a.mlp.2"), hasHead: false);
    }

    /// <summary>All tokens by id, as converters list them.</summary>
    public static string[] Tokens()
    {
        string[] tokens = new string[VocabularySize];
        foreach ((string symbol, JsonNode? id) in JsonNode.Parse(File.ReadAllText(Path.Combine(TinyCheckpoint.Directory, "vocab.json")))!.AsObject()) tokens[id!.GetValue<int>()] = symbol;
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(TinyCheckpoint.Directory, "tokenizer_config.json")))!.AsObject();
        foreach ((string id, JsonNode? token) in config["added_tokens_decoder"]!.AsObject()) tokens[int.Parse(id, CultureInfo.InvariantCulture)] = token!["content"]!.GetValue<string>();
        return tokens;
    }

    public static string[] Merges() =>
        [.. File.ReadAllLines(Path.Combine(TinyCheckpoint.Directory, "merges.txt")).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))];

    private static GgufTestWriter LanguageModelKeys(GgufTestWriter file, string prefix, int r) => file
        .Number(prefix + ".block_count", 4).Number(prefix + ".embedding_length", 128 * (uint)r).Number(prefix + ".feed_forward_length", 384 * (uint)r)
        .Number(prefix + ".attention.head_count", 2 * (uint)r).Number(prefix + ".attention.head_count_kv", (uint)r).Number(prefix + ".attention.key_length", 128)
        .Single(prefix + ".attention.layer_norm_rms_epsilon", 1e-6f).Single(prefix + ".rope.freq_base", 1e6f);

    private static void AddTokenizer(GgufTestWriter file) => file
        .Text("tokenizer.ggml.model", "gpt2").Text("tokenizer.ggml.pre", "qwen2").Texts("tokenizer.ggml.tokens", Tokens())
        .Integers("tokenizer.ggml.token_type", [.. Enumerable.Range(0, VocabularySize).Select(id => id < 1115 ? 1 : id < 1121 ? 3 : 4)])
        .Texts("tokenizer.ggml.merges", Merges()).Number("tokenizer.ggml.eos_token_id", 1117);

    private static GgufTestWriter AddTensors(GgufTestWriter file, TinyGgufOptions options, Func<string, string?> nameOf, bool hasHead)
    {
        foreach (StoredTensor original in Original)
        {
            if (nameOf(original.Name) is not { } name) continue;
            (long[] shape, float[] values) = Widen(original, options.Copies);
            bool isVector = shape.Length == 1;
            bool isEmbedding = original.Name.EndsWith("embed_tokens.weight", StringComparison.Ordinal);
            string type = isVector ? "F32" : shape.Length == 4 ? "F16" : options.TypeOf(original.Name);
            byte[] data = Encode(values, type);
            bool isConvBias = isVector && name.StartsWith("a.conv2d", StringComparison.Ordinal);
            file.Tensor(name, isConvBias ? [shape[0], 1, 1] : shape, TypeId(type), data);
            if (isEmbedding && hasHead) file.Tensor("output.weight", shape, TypeId(type), data);
        }

        return file;
    }

    // The same function on more features: outputs are repeated, inputs repeated and divided. Convolutions keep their channels.
    public static (long[] Shape, float[] Values) Widen(StoredTensor tensor, int copies)
    {
        float[] values = TinyCheckpoint.Values(tensor);
        string name = tensor.Name;
        if (copies == 1 || name.Contains("conv2d", StringComparison.Ordinal) || name.Contains("q_norm", StringComparison.Ordinal) || name.Contains("k_norm", StringComparison.Ordinal)) return (tensor.Shape, values);
        if (tensor.Shape.Length == 1) return ([tensor.Shape[0] * copies], [.. Enumerable.Repeat(values, copies).SelectMany(part => part)]);
        bool isEmbedding = name.EndsWith("embed_tokens.weight", StringComparison.Ordinal);
        int rowCopies = isEmbedding ? 1 : copies;
        int columnCopies = name.Contains("conv_out", StringComparison.Ordinal) ? 1 : copies;
        int rows = (int)tensor.Shape[0];
        int columns = (int)tensor.Shape[1];
        float[] wide = new float[values.Length * rowCopies * columnCopies];
        int width = columns * columnCopies;
        for (int i = 0; i < wide.Length; i++)
            wide[i] = values[(i / width % rows * columns) + (i % width % columns)] / (isEmbedding ? 1 : columnCopies);
        return ([rows * rowCopies, width], wide);
    }

    public static byte[] Encode(float[] values, string type)
    {
        if (TestBlocks.Encoder(type) is { } encode) return encode(values);
        DType dtype = Enum.Parse<DType>(type);
        byte[] data = new byte[DTypeInfo.Of(dtype).BytesOf(values.Length)];
        TensorEncoding.Encode(values, dtype, data);
        return data;
    }

    private static string? TextName(string name)
    {
        if (name == "thinker.model.embed_tokens.weight") return "token_embd.weight";
        if (name == "thinker.model.norm.weight") return "output_norm.weight";
        Match match = Regex.Match(name, @"^thinker\.model\.layers\.(?<layer>\d+)\.(?<part>.+)\.weight$", Options);
        if (!match.Success) return null;
        string part = match.Groups["part"].Value switch
        {
            "input_layernorm" => "attn_norm",
            "self_attn.o_proj" => "attn_output",
            "self_attn.q_norm" => "attn_q_norm",
            "self_attn.k_norm" => "attn_k_norm",
            "post_attention_layernorm" => "ffn_norm",
            var other => other.Replace("self_attn.", "attn_", StringComparison.Ordinal).Replace("mlp.", "ffn_", StringComparison.Ordinal).Replace("_proj", string.Empty, StringComparison.Ordinal),
        };
        return $"blk.{match.Groups["layer"].Value}.{part}.weight";
    }

    private static string? Layer(string name, string prefix, string attentionNorm, string attentionOutput, string feedForwardNorm)
    {
        Match match = Regex.Match(name, @"^thinker\.audio_tower\.layers\.(?<layer>\d+)\.(?<part>.+)\.(?<suffix>weight|bias)$", Options);
        if (!match.Success) return null;
        string part = match.Groups["part"].Value switch
        {
            "self_attn_layer_norm" => attentionNorm,
            "self_attn.out_proj" => attentionOutput,
            "final_layer_norm" => feedForwardNorm,
            "fc1" => "ffn_up",
            "fc2" => "ffn_down",
            var other => other.Replace("self_attn.", "attn_", StringComparison.Ordinal).Replace("_proj", string.Empty, StringComparison.Ordinal),
        };
        return $"{prefix}{match.Groups["layer"].Value}.{part}.{match.Groups["suffix"].Value}";
    }

    private static string? Stem(string name, string prefix, string conv1, string conv2, string conv3, string norm, string proj1, string proj2)
    {
        Match match = Regex.Match(name, @"^thinker\.audio_tower\.(?<part>[a-z0-9_]+)\.(?<suffix>weight|bias)$", Options);
        if (!match.Success) return null;
        string part = match.Groups["part"].Value switch
        {
            "conv2d1" => prefix + conv1,
            "conv2d2" => prefix + conv2,
            "conv2d3" => prefix + conv3,
            "ln_post" => prefix + norm,
            "proj1" => proj1,
            "proj2" => proj2,
            var other => prefix + other,
        };
        return $"{part}.{match.Groups["suffix"].Value}";
    }
}
