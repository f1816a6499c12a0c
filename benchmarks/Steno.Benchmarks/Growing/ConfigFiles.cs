using System.Text.Json;
using System.Text.Json.Nodes;
using Steno.Tokenization;

namespace Steno.Benchmarks.Growing;

/// <summary>Writes the configuration files of a grown checkpoint: the small model's, with other dimensions and ids.</summary>
internal static class ConfigFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string from, string to, ModelSize size, SpecialTokens tokens)
    {
        JsonNode root = Read(from, "config.json");
        JsonNode thinker = Child(root, "thinker_config");
        thinker["model_type"] = "qwen3_asr";
        thinker["audio_token_id"] = tokens.AudioPad;
        thinker["audio_start_token_id"] = tokens.AudioStart;
        thinker["audio_end_token_id"] = tokens.AudioEnd;
        SetAudio(Child(thinker, "audio_config"), size);
        SetText(Child(thinker, "text_config"), size);
        Write(to, "config.json", root);

        JsonNode generation = Read(from, "generation_config.json");
        generation["eos_token_id"] = new JsonArray(tokens.EndOfText, tokens.ImEnd);
        generation["pad_token_id"] = tokens.EndOfText;
        Write(to, "generation_config.json", generation);

        Write(to, "preprocessor_config.json", Read(from, "preprocessor_config.json"));
    }

    private static void SetAudio(JsonNode audio, ModelSize size)
    {
        audio["d_model"] = size.AudioWidth;
        audio["encoder_layers"] = size.AudioLayerCount;
        audio["num_hidden_layers"] = size.AudioLayerCount;
        audio["encoder_attention_heads"] = size.AudioHeadCount;
        audio["encoder_ffn_dim"] = size.AudioFeedForwardWidth;
        audio["downsample_hidden_size"] = size.ConvChannelCount;
        audio["output_dim"] = size.TextWidth;
    }

    private static void SetText(JsonNode text, ModelSize size)
    {
        text["model_type"] = "qwen3";
        text["vocab_size"] = size.VocabularySize;
        text["hidden_size"] = size.TextWidth;
        text["intermediate_size"] = size.TextFeedForwardWidth;
        text["num_hidden_layers"] = size.TextLayerCount;
        text["num_attention_heads"] = size.TextHeadCount;
        text["num_key_value_heads"] = size.TextKvHeadCount;
    }

    private static JsonNode Read(string directory, string name)
    {
        string path = Path.Combine(directory, name);
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path)) ?? throw new BenchmarkException($"{path} holds no object.");
        }
        catch (Exception fault) when (fault is JsonException or IOException)
        {
            throw new BenchmarkException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    private static JsonNode Child(JsonNode node, string name) =>
        node[name] ?? throw new BenchmarkException($"config.json has no {name}; a checkpoint in the original layout is needed.");

    private static void Write(string directory, string name, JsonNode content) =>
        File.WriteAllText(Path.Combine(directory, name), content.ToJsonString(Indented) + "\n");
}
