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

    /// <summary>Mel bins of the audio front end, where a dialect states them apart from those that the tower takes.</summary>
    public string? FrontEndMelBinCount { get; init; }

    /// <summary>Keys of the audio front end, with the only value that Steno computes.</summary>
    public IReadOnlyList<GgufConstant> FrontEnd { get; init; } = [];

    /// <summary>Keys of the networks, with the only value that Steno computes.</summary>
    public IReadOnlyList<GgufConstant> Networks { get; init; } = [];

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
        FrontEnd = [new("qwen3asr.sample_rate", 16000u), new("qwen3asr.n_fft", 400u), new("qwen3asr.win_length", 400u), new("qwen3asr.hop_length", 160u)],
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

    /// <summary>Keys of transcribe.cpp.</summary>
    public static GgufKeys TranscribeCpp { get; } = new()
    {
        AudioLayerCount = "stt.qwen3_asr.encoder.n_layers",
        AudioWidth = "stt.qwen3_asr.encoder.d_model",
        AudioHeadCount = "stt.qwen3_asr.encoder.n_heads",
        AudioFeedForwardWidth = "stt.qwen3_asr.encoder.ffn_dim",
        MelBinCount = "stt.qwen3_asr.encoder.num_mel_bins",
        ConvChannelCount = "stt.qwen3_asr.encoder.downsample_hidden",
        AudioOutputWidth = "stt.qwen3_asr.encoder.output_dim",
        Window = "stt.qwen3_asr.encoder.n_window",
        WindowInfer = "stt.qwen3_asr.encoder.n_window_infer",
        TextLayerCount = "stt.qwen3_asr.decoder.n_layers",
        TextWidth = "stt.qwen3_asr.decoder.hidden_size",
        TextHeadCount = "stt.qwen3_asr.decoder.n_heads",
        TextKvHeadCount = "stt.qwen3_asr.decoder.n_kv_heads",
        TextHeadWidth = "stt.qwen3_asr.decoder.head_dim",
        TextFeedForwardWidth = "stt.qwen3_asr.decoder.intermediate_size",
        VocabularySize = "stt.qwen3_asr.decoder.vocab_size",
        RopeTheta = "stt.qwen3_asr.decoder.rope_theta",
        RmsNormEpsilon = "stt.qwen3_asr.decoder.rms_norm_eps",
        MaxPositionCount = "stt.qwen3_asr.decoder.max_position_embeddings",
        AudioStartTokenId = "stt.qwen3_asr.audio_start_token_id",
        AudioEndTokenId = "stt.qwen3_asr.audio_end_token_id",
        AudioTokenId = "stt.qwen3_asr.audio_token_id",
        FrontEndMelBinCount = "stt.frontend.num_mels",
        FrontEnd =
        [
            new("stt.frontend.type", "mel"),
            new("stt.frontend.sample_rate", 16000u),
            new("stt.frontend.n_fft", 400u),
            new("stt.frontend.win_length", 400u),
            new("stt.frontend.hop_length", 160u),
            new("stt.frontend.window", "hann_periodic"),
            new("stt.frontend.normalize", "per_utterance"),
            new("stt.frontend.dither", 0f),
            new("stt.frontend.pre_emphasis", 0f),
            new("stt.frontend.f_min", 0f),
            new("stt.frontend.f_max", 8000f),
            new("stt.frontend.pad_mode", "reflect"),
            new("stt.frontend.center", true),
            new("stt.frontend.mel_norm", "slaney"),
        ],
        Networks =
        [
            new("stt.qwen3_asr.encoder.activation", "gelu"),
            new("stt.qwen3_asr.decoder.hidden_act", "silu"),
            new("stt.qwen3_asr.decoder.rope_mrope_interleaved", true),
            new("stt.qwen3_asr.decoder.tie_word_embeddings", true),
        ],
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
