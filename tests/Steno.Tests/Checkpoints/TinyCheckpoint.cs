using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Steno.Tests.Checkpoints;

/// <summary>The built-in checkpoint taken apart, to be put together again in other forms.</summary>
internal static class TinyCheckpoint
{
    public static string Directory => Repository.PathOf("models", "tiny-asr");

    /// <summary>All tensors, read with nothing but the format's description.</summary>
    public static List<StoredTensor> ReadTensors()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Directory, "model.safetensors"));
        int headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        var tensors = new List<StoredTensor>();
        foreach (JsonProperty entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            int begin = 8 + headerLength + entry.Value.GetProperty("data_offsets")[0].GetInt32();
            int end = 8 + headerLength + entry.Value.GetProperty("data_offsets")[1].GetInt32();
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
            tensors.Add(new StoredTensor(entry.Name, entry.Value.GetProperty("dtype").GetString()!, shape, file[begin..end]));
        }
        return tensors;
    }

    public static JsonObject ReadConfig() => JsonNode.Parse(File.ReadAllText(Path.Combine(Directory, "config.json")))!.AsObject();

    /// <summary>The config.json that the native Transformers port writes: flat, other names, rope_theta in rope_parameters.</summary>
    public static JsonObject ReadFlatConfig()
    {
        JsonObject config = ReadConfig();
        JsonObject thinker = config["thinker_config"]!.DeepClone().AsObject();
        config.Remove("thinker_config");
        config.Remove("support_languages");
        foreach (string key in new[] { "audio_config", "text_config", "audio_token_id", "audio_start_token_id", "audio_end_token_id" }) config[key] = thinker[key]!.DeepClone();

        JsonObject audio = config["audio_config"]!.AsObject();
        audio["num_attention_heads"] = audio["encoder_attention_heads"]!.DeepClone();
        audio["num_key_value_heads"] = audio["encoder_attention_heads"]!.DeepClone();
        audio.Remove("encoder_attention_heads");

        JsonObject text = config["text_config"]!.AsObject();
        text["model_type"] = "qwen3";
        text["rope_parameters"] = new JsonObject { ["rope_theta"] = text["rope_theta"]!.DeepClone(), ["rope_type"] = "default" };
        text.Remove("rope_theta");
        text.Remove("rope_scaling");
        text["sliding_window"] = null;
        return config;
    }

    /// <summary>The name of a tensor in the native Transformers port, by the list in its conversion script.</summary>
    public static string PortName(string name) => name
        .Replace("thinker.model.", "model.language_model.", StringComparison.Ordinal)
        .Replace("thinker.lm_head.", "lm_head.", StringComparison.Ordinal)
        .Replace("thinker.", "model.", StringComparison.Ordinal)
        .Replace("model.audio_tower.proj1.", "model.multi_modal_projector.linear_1.", StringComparison.Ordinal)
        .Replace("model.audio_tower.proj2.", "model.multi_modal_projector.linear_2.", StringComparison.Ordinal);

    /// <summary>The values of a BF16 tensor.</summary>
    public static float[] Values(StoredTensor tensor)
    {
        float[] values = new float[tensor.Data.Length / 2];
        for (int i = 0; i < values.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(tensor.Data.AsSpan(2 * i)) << 16);
        return values;
    }

    /// <summary>A BF16 tensor in F32, or rounded to F16.</summary>
    public static StoredTensor ConvertTo(string dtype, StoredTensor tensor)
    {
        if (dtype == "BF16") return tensor;
        byte[] data = [.. Values(tensor).SelectMany(value => dtype == "F32" ? BitConverter.GetBytes(value) : BitConverter.GetBytes((Half)value))];
        return tensor with { DType = dtype, Data = data };
    }

    /// <summary>Writes shards of neighbouring tensors, with or without an index.</summary>
    public static void WriteShards(TemporaryDirectory directory, List<StoredTensor> tensors, int shardCount, bool withIndex)
    {
        var map = new JsonObject();
        for (int shard = 0; shard < shardCount; shard++)
        {
            string name = $"model-{shard + 1:D5}-of-{shardCount:D5}.safetensors";
            List<StoredTensor> part = tensors[(tensors.Count * shard / shardCount)..(tensors.Count * (shard + 1) / shardCount)];
            directory.Write(name, SafetensorsWriter.Write(part));
            foreach (StoredTensor tensor in part) map[tensor.Name] = name;
        }
        if (withIndex) directory.Write("model.safetensors.index.json", new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = tensors.Sum(tensor => tensor.Data.LongLength) }, ["weight_map"] = map }.ToJsonString());
    }

    /// <summary>Copies files of the checkpoint.</summary>
    public static void Copy(TemporaryDirectory directory, params string[] names)
    {
        foreach (string name in names) File.Copy(Path.Combine(Directory, name), directory.PathOf(name));
    }
}
