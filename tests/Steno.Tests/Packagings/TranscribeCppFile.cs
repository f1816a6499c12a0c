using System.Globalization;
using System.Text.RegularExpressions;
using Steno.Tests.Dialects;

namespace Steno.Tests.Packagings;

/// <summary>A model as transcribe.cpp's converter and quantiser write it, by the description of their keys and names.</summary>
internal static class TranscribeCppFile
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    /// <summary>Writes a model.</summary>
    /// <param name="source">The model.</param>
    /// <param name="typeOf">The type of each tensor.</param>
    public static GgufTestWriter Write(SourceModel source, Func<SourceTensor, string> typeOf)
    {
        GgufTestWriter file = Keys(source);
        file.Tensor("frontend.mel_filterbank", [128, 201], 0, new byte[128 * 201 * 4]).Tensor("frontend.window", [400], 0, new byte[1600]);
        foreach (SourceTensor tensor in source.Tensors)
        {
            string type = typeOf(tensor);
            file.Tensor(NameOf(tensor.Name), tensor.Shape, TinyGguf.TypeId(type), tensor.In(type));
        }

        return file;
    }

    private static GgufTestWriter Keys(SourceModel source)
    {
        string[] tokens = [.. Enumerable.Range(0, source.VocabularySize).Select(id => id < source.Symbols.Length ? source.Symbols[id] : source.AddedTokens.GetValueOrDefault(id, $"<|unused_{id}|>"))];
        int[] types = [.. Enumerable.Range(0, tokens.Length).Select(id => tokens[id].StartsWith("<|", StringComparison.Ordinal) && !tokens[id].StartsWith("<|unused", StringComparison.Ordinal) ? 3 : 1)];
        return new GgufTestWriter()
            .Text("general.architecture", "qwen3_asr").Text("general.name", "Qwen3-ASR 0.6B").Text("general.repo_url", "https://example.org/Qwen3-ASR-0.6B")
            .Text("stt.variant", "qwen3-asr-0.6b").Bool("stt.capability.lang_detect", true)
            .Text("tokenizer.ggml.model", "gpt2").Text("tokenizer.ggml.pre", "qwen2")
            .Number("stt.qwen3_asr.encoder.n_layers", source.AudioNumber("encoder_layers")).Number("stt.qwen3_asr.encoder.d_model", source.AudioNumber("d_model"))
            .Number("stt.qwen3_asr.encoder.n_heads", source.AudioNumber("encoder_attention_heads")).Number("stt.qwen3_asr.encoder.ffn_dim", source.AudioNumber("encoder_ffn_dim"))
            .Number("stt.qwen3_asr.encoder.num_mel_bins", source.AudioNumber("num_mel_bins")).Number("stt.qwen3_asr.encoder.downsample_hidden", source.AudioNumber("downsample_hidden_size"))
            .Number("stt.qwen3_asr.encoder.output_dim", source.AudioNumber("output_dim")).Number("stt.qwen3_asr.encoder.max_source_positions", 1500)
            .Number("stt.qwen3_asr.encoder.n_window", source.AudioNumber("n_window")).Number("stt.qwen3_asr.encoder.n_window_infer", source.AudioNumber("n_window_infer"))
            .Number("stt.qwen3_asr.encoder.conv_chunksize", 500).Text("stt.qwen3_asr.encoder.activation", "gelu")
            .Number("stt.qwen3_asr.decoder.n_layers", source.TextNumber("num_hidden_layers")).Number("stt.qwen3_asr.decoder.hidden_size", source.TextNumber("hidden_size"))
            .Number("stt.qwen3_asr.decoder.intermediate_size", source.TextNumber("intermediate_size")).Number("stt.qwen3_asr.decoder.n_heads", source.TextNumber("num_attention_heads"))
            .Number("stt.qwen3_asr.decoder.n_kv_heads", source.TextNumber("num_key_value_heads")).Number("stt.qwen3_asr.decoder.head_dim", source.TextNumber("head_dim"))
            .Text("stt.qwen3_asr.decoder.hidden_act", "silu").Single("stt.qwen3_asr.decoder.rms_norm_eps", 1e-6f).Single("stt.qwen3_asr.decoder.rope_theta", 1e6f)
            .Number("stt.qwen3_asr.decoder.rope_mrope_section_t", 24).Number("stt.qwen3_asr.decoder.rope_mrope_section_h", 20).Number("stt.qwen3_asr.decoder.rope_mrope_section_w", 20)
            .Bool("stt.qwen3_asr.decoder.rope_mrope_interleaved", true).Number("stt.qwen3_asr.decoder.max_position_embeddings", source.TextNumber("max_position_embeddings"))
            .Bool("stt.qwen3_asr.decoder.tie_word_embeddings", true).Number("stt.qwen3_asr.decoder.vocab_size", (uint)source.VocabularySize)
            .Number("stt.qwen3_asr.audio_token_id", source.TokenId("audio_token_id")).Number("stt.qwen3_asr.audio_start_token_id", source.TokenId("audio_start_token_id"))
            .Number("stt.qwen3_asr.audio_end_token_id", source.TokenId("audio_end_token_id"))
            .Text("stt.frontend.type", "mel").Number("stt.frontend.num_mels", source.AudioNumber("num_mel_bins")).Number("stt.frontend.sample_rate", 16000)
            .Number("stt.frontend.n_fft", 400).Number("stt.frontend.win_length", 400).Number("stt.frontend.hop_length", 160).Text("stt.frontend.window", "hann_periodic")
            .Text("stt.frontend.normalize", "per_utterance").Single("stt.frontend.dither", 0).Single("stt.frontend.pre_emphasis", 0).Single("stt.frontend.f_min", 0)
            .Single("stt.frontend.f_max", 8000).Text("stt.frontend.pad_mode", "reflect").Bool("stt.frontend.center", true).Text("stt.frontend.mel_norm", "slaney")
            .Texts("tokenizer.ggml.tokens", tokens).Integers("tokenizer.ggml.token_type", types).Texts("tokenizer.ggml.merges", source.Merges);
    }

    private static string NameOf(string name)
    {
        Match layer = Regex.Match(name, @"^thinker\.(?<half>audio_tower|model)\.layers\.(?<layer>\d+)\.(?<part>.+)\.(?<suffix>weight|bias)$", Options);
        if (layer.Success)
        {
            string half = layer.Groups["half"].Value == "model" ? "dec" : "enc";
            return string.Create(CultureInfo.InvariantCulture, $"{half}.blocks.{layer.Groups["layer"].Value}.{PartOf(layer.Groups["part"].Value)}.{layer.Groups["suffix"].Value}");
        }

        return name
            .Replace("thinker.model.embed_tokens", "dec.token_embd", StringComparison.Ordinal)
            .Replace("thinker.model.norm", "dec.output_norm", StringComparison.Ordinal)
            .Replace("thinker.audio_tower.conv2d1", "enc.conv.0", StringComparison.Ordinal)
            .Replace("thinker.audio_tower.conv2d2", "enc.conv.1", StringComparison.Ordinal)
            .Replace("thinker.audio_tower.conv2d3", "enc.conv.2", StringComparison.Ordinal)
            .Replace("thinker.audio_tower.", "enc.", StringComparison.Ordinal);
    }

    private static string PartOf(string part) => part switch
    {
        "input_layernorm" or "self_attn_layer_norm" => "norm_attn",
        "post_attention_layernorm" or "final_layer_norm" => "norm_ffn",
        "self_attn.out_proj" => "attn.out",
        "fc1" => "ffn.fc1",
        "fc2" => "ffn.fc2",
        _ => part.Replace("self_attn.", "attn.", StringComparison.Ordinal).Replace("mlp.", "ffn.", StringComparison.Ordinal).Replace("_proj", string.Empty, StringComparison.Ordinal),
    };
}
