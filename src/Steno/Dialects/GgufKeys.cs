namespace Steno.Dialects;

/// <summary>The keys under which a GGUF dialect stores the dimensions of a model; null where it does not store one.</summary>
internal sealed record GgufKeys
{
    public required string AudioLayerCount { get; init; }

    public required string AudioWidth { get; init; }

    public required string AudioHeadCount { get; init; }

    public required string AudioFeedForwardWidth { get; init; }

    public required string MelBinCount { get; init; }

    public string? ConvChannelCount { get; init; }

    public string? AudioOutputWidth { get; init; }

    public string? AudioNormEpsilon { get; init; }

    /// <summary>Half the mel frames of a chunk.</summary>
    public string? Window { get; init; }

    public string? WindowInfer { get; init; }

    public required string TextLayerCount { get; init; }

    public required string TextWidth { get; init; }

    public required string TextHeadCount { get; init; }

    public required string TextKvHeadCount { get; init; }

    public required string TextHeadWidth { get; init; }

    public required string TextFeedForwardWidth { get; init; }

    public string? VocabularySize { get; init; }

    public required string RopeTheta { get; init; }

    public required string RmsNormEpsilon { get; init; }

    public string? MaxPositionCount { get; init; }

    public string? AudioStartTokenId { get; init; }

    public string? AudioEndTokenId { get; init; }

    public string? AudioTokenId { get; init; }

    /// <summary>Keys of the audio front end, with the only value that Steno computes.</summary>
    public IReadOnlyList<(string Key, int Value)> FrontEnd { get; init; } = [];

    /// <summary>Keys of CrispASR.</summary>
    public static GgufKeys CrispAsr { get; } = new()
    {
        AudioLayerCount = "qwen3asr.audio.n_layers",
        AudioWidth = "qwen3asr.audio.d_model",
        AudioHeadCount = "qwen3asr.audio.n_heads",
        AudioFeedForwardWidth = "qwen3asr.audio.ff_dim",
        MelBinCount = "qwen3asr.n_mels",
        ConvChannelCount = "qwen3asr.audio.conv_channels",
        AudioOutputWidth = "qwen3asr.audio.proj_dim",
        Window = "qwen3asr.n_window",
        WindowInfer = "qwen3asr.n_window_infer",
        TextLayerCount = "qwen3asr.llm.n_layers",
        TextWidth = "qwen3asr.llm.d_model",
        TextHeadCount = "qwen3asr.llm.n_heads",
        TextKvHeadCount = "qwen3asr.llm.n_kv_heads",
        TextHeadWidth = "qwen3asr.llm.head_dim",
        TextFeedForwardWidth = "qwen3asr.llm.ff_dim",
        VocabularySize = "qwen3asr.llm.vocab_size",
        RopeTheta = "qwen3asr.llm.rope_theta",
        RmsNormEpsilon = "qwen3asr.llm.rms_norm_eps",
        MaxPositionCount = "qwen3asr.llm.max_pos",
        AudioStartTokenId = "qwen3asr.audio_start_token_id",
        AudioEndTokenId = "qwen3asr.audio_end_token_id",
        AudioTokenId = "qwen3asr.audio_pad_token_id",
        FrontEnd = [("qwen3asr.sample_rate", 16000), ("qwen3asr.n_fft", 400), ("qwen3asr.win_length", 400), ("qwen3asr.hop_length", 160)],
    };

    /// <summary>Keys of llama.cpp; those of the text file begin with its architecture.</summary>
    public static GgufKeys LlamaCpp(string architecture) => Common(architecture) with
    {
        AudioLayerCount = "clip.audio.block_count",
        AudioWidth = "clip.audio.embedding_length",
        AudioHeadCount = "clip.audio.attention.head_count",
        AudioFeedForwardWidth = "clip.audio.feed_forward_length",
        MelBinCount = "clip.audio.num_mel_bins",
        ConvChannelCount = "clip.audio.downsample_hidden_size",
        AudioOutputWidth = "clip.audio.projection_dim",
        AudioNormEpsilon = "clip.audio.attention.layer_norm_epsilon",
        Window = "clip.audio.n_window",
        WindowInfer = "clip.audio.n_window_infer",
        MaxPositionCount = $"{architecture}.context_length",
    };

    /// <summary>Keys of predict-woo/qwen3-asr.cpp, as its converter writes them.</summary>
    public static GgufKeys PredictWoo { get; } = Common("qwen3-asr") with
    {
        AudioLayerCount = "qwen3-asr.audio.encoder.layer_count",
        AudioWidth = "qwen3-asr.audio.encoder.embedding_length",
        AudioHeadCount = "qwen3-asr.audio.encoder.attention.head_count",
        AudioFeedForwardWidth = "qwen3-asr.audio.encoder.feed_forward_length",
        MelBinCount = "qwen3-asr.audio.num_mel_bins",
        ConvChannelCount = "qwen3-asr.audio.conv_channels",
        AudioStartTokenId = "qwen3-asr.audio.start_token_id",
        AudioEndTokenId = "qwen3-asr.audio.end_token_id",
        AudioTokenId = "qwen3-asr.audio.pad_token_id",
    };

    /// <summary>Keys of qwenasr.cpp.</summary>
    public static GgufKeys QwenAsrCpp { get; } = Common("qwenasr") with
    {
        AudioLayerCount = "qwenasr.audio.encoder_layers",
        AudioWidth = "qwenasr.audio.d_model",
        AudioHeadCount = "qwenasr.audio.encoder_attention_heads",
        AudioFeedForwardWidth = "qwenasr.audio.encoder_ffn_dim",
        MelBinCount = "qwenasr.audio.num_mel_bins",
        ConvChannelCount = "qwenasr.audio.downsample_hidden_size",
        AudioOutputWidth = "qwenasr.audio.output_dim",
        Window = "qwenasr.audio.n_window",
        WindowInfer = "qwenasr.audio.n_window_infer",
        MaxPositionCount = "qwenasr.context_length",
        AudioStartTokenId = "qwenasr.audio_start_token_id",
        AudioEndTokenId = "qwenasr.audio_end_token_id",
        AudioTokenId = "qwenasr.audio_token_id",
    };

    // The keys that the GGUF convention itself gives a language model.
    private static GgufKeys Common(string architecture) => new()
    {
        AudioLayerCount = string.Empty,
        AudioWidth = string.Empty,
        AudioHeadCount = string.Empty,
        AudioFeedForwardWidth = string.Empty,
        MelBinCount = string.Empty,
        TextLayerCount = $"{architecture}.block_count",
        TextWidth = $"{architecture}.embedding_length",
        TextHeadCount = $"{architecture}.attention.head_count",
        TextKvHeadCount = $"{architecture}.attention.head_count_kv",
        TextHeadWidth = $"{architecture}.attention.key_length",
        TextFeedForwardWidth = $"{architecture}.feed_forward_length",
        VocabularySize = $"{architecture}.vocab_size",
        RopeTheta = $"{architecture}.rope.freq_base",
        RmsNormEpsilon = $"{architecture}.attention.layer_norm_rms_epsilon",
    };
}
