using System.Text.Json;
using Steno.Formats;
using Steno.Model;

namespace Steno.Checkpoints;

/// <summary>
/// Reads config.json: the original form, where all lies inside thinker_config, and the flat form of the native Transformers
/// port (-hf). No dimension is ever guessed: the official classes have defaults that fit none of the released checkpoints.
/// </summary>
internal static class ModelConfigReader
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "config.json";

    /// <summary>Largest file; the released ones have under 10 kB.</summary>
    public const int MaxBytes = 1 << 20;

    // Ids in the tokenizer of the released checkpoints; the flat form does not repeat them.
    private const int DefaultAudioStartTokenId = 151669;
    private const int DefaultAudioEndTokenId = 151670;

    /// <summary>Reads the config.json of a checkpoint directory.</summary>
    /// <exception cref="ModelFormatException">The file is broken, lacks a value, or has an impossible one.</exception>
    /// <exception cref="UnsupportedModelException">The model is another than Qwen3-ASR, or a variant that Steno does not run.</exception>
    public static ModelConfig Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        using JsonDocument document = JsonFile.ReadObject(path, MaxBytes);
        return Read(document, path);
    }

    /// <summary>Reads the config.json of a checkpoint, wherever it lies.</summary>
    /// <exception cref="ModelFormatException">The file is missing or broken, lacks a value, or has an impossible one.</exception>
    /// <exception cref="UnsupportedModelException">The model is another than Qwen3-ASR, or a variant that Steno does not run.</exception>
    public static ModelConfig Read(CheckpointFiles files)
    {
        using JsonDocument? document = files.FindJson(FileName, MaxBytes);
        return document is null
            ? throw new ModelFormatException("there is no such file", files.PathOf(FileName), expected: "the configuration of the model", found: "nothing")
            : Read(document, files.PathOf(FileName));
    }

    /// <summary>Reads a parsed config.json.</summary>
    /// <param name="document">The file's content.</param>
    /// <param name="path">Path for messages.</param>
    public static ModelConfig Read(JsonDocument document, string path)
    {
        ConfigObject root = ConfigObject.Root(document, path);
        ConfigObject thinker = root.OptionalObject("thinker_config") ?? root;
        ModelSupport.RequireSpeechToText(root, thinker);

        (AudioEncoderConfig audio, TextDecoderConfig text) = ReadNetworks(root, thinker);
        if (audio.OutputWidth != text.Width)
            throw thinker.Fault("audio_config.output_dim", "contradicts text_config.hidden_size", $"{text.Width}", $"{audio.OutputWidth}");

        int audioTokenId = thinker.Integer("audio_token_id", 0, text.VocabularySize - 1);
        int startTokenId = ReadTokenId(thinker, "audio_start_token_id", DefaultAudioStartTokenId, text.VocabularySize);
        int endTokenId = ReadTokenId(thinker, "audio_end_token_id", DefaultAudioEndTokenId, text.VocabularySize);
        if (audioTokenId == startTokenId || audioTokenId == endTokenId || startTokenId == endTokenId)
        {
            const string Problem = "is not different from audio_start_token_id and audio_end_token_id, nor they from each other";
            throw thinker.Fault("audio_token_id", Problem, "three different numbers", $"{audioTokenId}, {startTokenId} and {endTokenId}");
        }

        return new ModelConfig
        {
            Audio = audio,
            Text = text,
            AudioTokenId = audioTokenId,
            AudioStartTokenId = startTokenId,
            AudioEndTokenId = endTokenId,
            SupportedLanguages = root.Texts("support_languages", ModelLimits.MaxLanguageCount, ModelLimits.MaxLanguageLength),
        };
    }

    /// <summary>Reads the dimensions of both networks, of a forced aligner too.</summary>
    /// <param name="root">The whole config.json.</param>
    /// <param name="thinker">Its thinker_config, or the whole in the flat form.</param>
    public static (AudioEncoderConfig Audio, TextDecoderConfig Text) ReadNetworks(ConfigObject root, ConfigObject thinker) =>
        (ReadAudio(thinker.Object("audio_config")), ReadText(thinker.Object("text_config"), thinker, root));

    private static int ReadTokenId(ConfigObject thinker, string key, int defaultId, int vocabularySize)
    {
        int lastId = vocabularySize - 1;
        if (thinker.OptionalInteger(key, 0, lastId) is { } id) return id;
        if (defaultId <= lastId) return defaultId;
        string problem = $"is missing, and its usual value {defaultId} is outside the vocabulary";
        throw thinker.Fault(key, problem, $"a whole number from 0 to {lastId}", "nothing");
    }

    private static AudioEncoderConfig ReadAudio(ConfigObject audio)
    {
        ModelSupport.RequireAudioEncoder(audio);
        int chunk = 2 * audio.Integer("n_window", 1, ModelLimits.MaxChunkFrameCount / 2);
        int window = audio.Integer("n_window_infer", 1, ModelLimits.MaxWindowFrameCount);
        if (window % chunk != 0)
            throw audio.Fault("n_window_infer", "does not hold whole chunks of 2 * n_window frames", $"a multiple of {chunk}", $"{window}");

        int width = audio.Integer("d_model", "hidden_size", 4, ModelLimits.MaxWidth);
        int headCount = audio.Integer("encoder_attention_heads", "num_attention_heads", 1, ModelLimits.MaxHeadCount);
        if (width % headCount != 0)
            throw audio.Fault("d_model", "is not divisible by the number of heads", $"a multiple of {headCount}", $"{width}");
        if (width % 2 != 0)
            throw audio.Fault("d_model", "is odd, but positions are pairs of sine and cosine", "an even number", $"{width}");

        return new AudioEncoderConfig
        {
            Width = width,
            LayerCount = audio.Integer("encoder_layers", "num_hidden_layers", 1, ModelLimits.MaxLayerCount),
            HeadCount = headCount,
            FeedForwardWidth = audio.Integer("encoder_ffn_dim", "intermediate_size", 1, ModelLimits.MaxFeedForwardWidth),
            MelBinCount = audio.Integer("num_mel_bins", 1, ModelLimits.MaxMelBinCount),
            ConvChannelCount = audio.Integer("downsample_hidden_size", 1, ModelLimits.MaxConvChannelCount),
            OutputWidth = audio.Integer("output_dim", 1, ModelLimits.MaxWidth),
            ChunkFrameCount = chunk,
            WindowFrameCount = window,
        };
    }

    private static TextDecoderConfig ReadText(ConfigObject text, ConfigObject thinker, ConfigObject root)
    {
        ModelSupport.RequireTextDecoder(text);
        int headCount = text.Integer("num_attention_heads", 1, ModelLimits.MaxHeadCount);
        int kvHeadCount = text.Integer("num_key_value_heads", 1, ModelLimits.MaxHeadCount);
        if (headCount % kvHeadCount != 0)
        {
            const string Problem = "is not divisible by num_key_value_heads";
            throw text.Fault("num_attention_heads", Problem, $"a multiple of {kvHeadCount}", $"{headCount}");
        }

        int headWidth = text.Integer("head_dim", 2, ModelLimits.MaxHeadWidth);
        if (headWidth % 2 != 0)
            throw text.Fault("head_dim", "is odd, but rotary embeddings turn pairs", "an even number", $"{headWidth}");

        return new TextDecoderConfig
        {
            VocabularySize = text.Integer("vocab_size", 1, ModelLimits.MaxVocabularySize),
            Width = text.Integer("hidden_size", 1, ModelLimits.MaxWidth),
            FeedForwardWidth = text.Integer("intermediate_size", 1, ModelLimits.MaxFeedForwardWidth),
            LayerCount = text.Integer("num_hidden_layers", 1, ModelLimits.MaxLayerCount),
            HeadCount = headCount,
            KvHeadCount = kvHeadCount,
            HeadWidth = headWidth,
            RmsNormEpsilon = (float)text.Number("rms_norm_eps", 1e-12, 0.1),
            RopeTheta = ReadRopeTheta(text),
            MaxPositionCount = text.Integer("max_position_embeddings", 1, ModelLimits.MaxPositionCount),
            HasTiedHead = ReadHasTiedHead(text, thinker, root),
        };
    }

    // rope_theta stands in text_config itself, or in its rope_parameters since Transformers 5.
    private static double ReadRopeTheta(ConfigObject text)
    {
        const double Minimum = 1, Maximum = 1e12;
        return text.OptionalNumber("rope_theta", Minimum, Maximum)
            ?? text.OptionalObject("rope_parameters")?.OptionalNumber("rope_theta", Minimum, Maximum)
            ?? text.Number("rope_theta", Minimum, Maximum);
    }

    private static bool ReadHasTiedHead(ConfigObject text, ConfigObject thinker, ConfigObject root)
    {
        const string Key = "tie_word_embeddings";
        return text.OptionalBoolean(Key)
            ?? thinker.OptionalBoolean(Key)
            ?? root.OptionalBoolean(Key)
            ?? throw text.Fault(Key, "is missing", "true or false", "nothing");
    }
}
