using System.Text.Json.Nodes;
using Steno.Checkpoints;
using Steno.Model;

namespace Steno.Tests.Checkpoints.Packed;

/// <summary>A checkpoint of one layer, a vocabulary of 16 and random weights, small enough to be opened thousands of times.</summary>
internal static class MicroCheckpoint
{
    /// <summary>Fills a directory in the original layout.</summary>
    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        JsonObject json = TinyCheckpoint.ReadConfig();
        JsonObject thinker = json["thinker_config"]!.AsObject();
        Set(thinker, ("audio_token_id", 5), ("audio_start_token_id", 3), ("audio_end_token_id", 4));
        Set(thinker["audio_config"]!.AsObject(), ("d_model", 64), ("encoder_layers", 1), ("num_hidden_layers", 1), ("encoder_attention_heads", 2), ("encoder_ffn_dim", 64), ("downsample_hidden_size", 4), ("output_dim", 128));
        Set(thinker["text_config"]!.AsObject(), ("vocab_size", 16), ("hidden_size", 128), ("intermediate_size", 128), ("num_hidden_layers", 1), ("num_attention_heads", 2), ("num_key_value_heads", 1), ("head_dim", 64));
        File.WriteAllText(Path.Combine(directory, "config.json"), json.ToJsonString());
        ModelConfig config = ModelConfigReader.Read(directory);
        var random = new Random(1);
        var tensors = new List<StoredTensor>();
        foreach ((string name, long[] shape) in ModelTensors.Of(config))
        {
            byte[] data = new byte[2 * shape.Aggregate(1L, (product, dimension) => product * dimension)];
            for (int i = 0; i < data.Length; i += 2) BitConverter.TryWriteBytes(data.AsSpan(i), (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle() - 0.5f) >> 16));
            tensors.Add(new StoredTensor(name, "BF16", shape, data));
        }

        File.WriteAllBytes(Path.Combine(directory, "model.safetensors"), SafetensorsWriter.Write(tensors));
    }

    private static void Set(JsonObject place, params (string Key, int Value)[] values)
    {
        foreach ((string key, int value) in values) place[key] = value;
    }
}
