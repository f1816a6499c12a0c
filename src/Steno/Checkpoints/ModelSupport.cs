namespace Steno.Checkpoints;

/// <summary>Tells the models that Steno runs from those that it does not, by <see cref="UnsupportedModelException"/>.</summary>
internal static class ModelSupport
{
    private const int MaxArchitectureCount = 16;
    private const int MaxArchitectureLength = 128;

    /// <summary>Refuses other architectures and forced aligners.</summary>
    /// <param name="root">The whole config.json.</param>
    /// <param name="thinker">Its thinker_config, or the whole in the flat form.</param>
    public static void RequireSpeechToText(ConfigObject root, ConfigObject thinker)
    {
        string? modelType = root.OptionalText("model_type");
        if (IsAligner(root, thinker)) throw Aligner(root.File);

        if (modelType != "qwen3_asr")
        {
            string found = modelType is null ? "no model_type" : $"model_type {root.ValueText("model_type")}";
            throw new UnsupportedModelException(
                $"{root.File}: Steno runs Qwen3-ASR models (model_type \"qwen3_asr\"); this is another model: found {found}.");
        }
    }

    /// <summary>Whether a configuration is that of a forced aligner.</summary>
    /// <param name="root">The whole config.json.</param>
    /// <param name="thinker">Its thinker_config, or the whole in the flat form.</param>
    public static bool IsAligner(ConfigObject root, ConfigObject thinker) =>
        IsAlignerType(root.OptionalText("model_type"))
        || IsAlignerType(thinker.OptionalText("model_type"))
        || thinker.Has("classify_num")
        || root.Texts("architectures", MaxArchitectureCount, MaxArchitectureLength).Any(IsAlignerArchitecture);

    /// <summary>The refusal of a forced aligner.</summary>
    /// <param name="file">The file that says so.</param>
    public static UnsupportedModelException Aligner(string file) => new(
        $"{file}: this is a Qwen3 forced aligner, which finds the times of words in a given text; "
        + "it is not a speech-to-text model. Use a Qwen3-ASR model such as Qwen3-ASR-0.6B: 'steno pull 0.6b' fetches it.");

    /// <summary>Refuses variants of the audio encoder.</summary>
    public static void RequireAudioEncoder(ConfigObject audio)
    {
        RequireText(audio, "activation_function", "gelu");
        RequireFalse(audio, "scale_embedding");
        int? kvHeadCount = audio.OptionalInteger("num_key_value_heads", 1, int.MaxValue);
        if (kvHeadCount is not null && kvHeadCount != audio.Integer("encoder_attention_heads", "num_attention_heads", 1, int.MaxValue))
            throw Unsupported(audio, "num_key_value_heads", "as many as attention heads");
    }

    /// <summary>Refuses variants of the text decoder.</summary>
    public static void RequireTextDecoder(ConfigObject text)
    {
        RequireText(text, "hidden_act", "silu");
        RequireFalse(text, "attention_bias");
        RequireFalse(text, "use_sliding_window");
        foreach (string key in new[] { "rope_scaling", "rope_parameters" })
        {
            if (text.OptionalObject(key) is not { } rope) continue;
            RequireText(rope, "rope_type", "default");
            RequireText(rope, "type", "default");
        }
    }

    private static bool IsAlignerType(string? modelType) =>
        modelType is not null && modelType.Contains("forced_aligner", StringComparison.Ordinal);

    private static bool IsAlignerArchitecture(string name) =>
        name.Contains("ForTokenClassification", StringComparison.Ordinal) || name.Contains("ForcedAligner", StringComparison.Ordinal);

    private static void RequireText(ConfigObject place, string key, string expected)
    {
        if (place.OptionalText(key) is { } found && found != expected) throw Unsupported(place, key, $"\"{expected}\"");
    }

    private static void RequireFalse(ConfigObject place, string key)
    {
        if (place.OptionalBoolean(key) == true) throw Unsupported(place, key, "false");
    }

    private static UnsupportedModelException Unsupported(ConfigObject place, string key, string expected)
    {
        string found = $"{place.FullName(key)} is {place.ValueText(key)}";
        return new UnsupportedModelException(
            $"{place.File}: Steno does not run this variant of Qwen3-ASR: {found}, supported is {expected}.");
    }
}
