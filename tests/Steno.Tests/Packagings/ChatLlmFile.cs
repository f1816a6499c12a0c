using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Steno.Tests.Dialects;

namespace Steno.Tests.Packagings;

/// <summary>
/// A model as chatllm.cpp's converter writes it: "ggmm", the version, three offsets, one JSON object filled up to 4 bytes, numbers, tokens, merges, and
/// each tensor with its description before it and its data at a multiple of 16 bytes.
/// </summary>
internal sealed class ChatLlmFile
{
    private readonly List<(string Name, int[] Shape, int Type, TensorBytes Data)> _tensors = [];

    /// <summary>A model with the type of each tensor; the head is a copy of the embedding.</summary>
    public ChatLlmFile(SourceModel source, Func<SourceTensor, string> typeOf)
    {
        Json = new JsonObject { ["config.json"] = source.Config.DeepClone(), ["model_name"] = "Qwen3-ASR" };
        foreach (string name in new[] { "tokenizer_config.json", "preprocessor_config.json" }) Json[name] = JsonNode.Parse(source.Read(name));
        Numbers[3] = source.VocabularySize;
        Numbers[4] = (int)source.TextNumber("hidden_size");
        Numbers[5] = (int)source.TextNumber("num_attention_heads");
        Numbers[6] = (int)source.TextNumber("num_hidden_layers");
        Numbers[7] = (int)source.TextNumber("intermediate_size");
        Numbers[8] = (int)source.TextNumber("max_position_embeddings");
        Numbers[13] = (int)source.TextNumber("num_key_value_heads");
        Numbers[14] = (int)source.TextNumber("head_dim");
        Tokens.AddRange(source.Symbols);
        Merges.AddRange(source.Merges);
        foreach (SourceTensor tensor in source.Tensors)
        {
            string type = typeOf(tensor);
            Add(NameOf(tensor.Name), tensor.Shape, type, tensor.In(type));
            if (tensor.IsEmbedding) Add("lm_head.weight", tensor.Shape, type, tensor.In(type));
        }
    }

    public JsonObject Json { get; }

    /// <summary>Type, version, dtype, vocabulary, width, heads, layers, MLP width, positions, 4 ids, key-value heads, head width, RoPE theta, and what other models have.</summary>
    public int[] Numbers { get; } =
        [0x1000010F, 1, 1, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, 0, 0, BitConverter.SingleToInt32Bits(1e6f), BitConverter.SingleToInt32Bits(-1), -1, 1, -1, -1, -1, 0, 0, .. new int[128], 24, 20, 20, 0];

    public List<string> Tokens { get; } = [];

    public List<string> Merges { get; } = [];

    /// <summary>Adds a tensor.</summary>
    public void Add(string name, long[] shape, string type, float[] values) => Add(name, shape, type, new TensorBytes(TinyGguf.Encode(values, type)));

    /// <summary>Takes a tensor away.</summary>
    public void Remove(string name) => Assert.Equal(1, _tensors.RemoveAll(tensor => tensor.Name == name));

    /// <summary>The data of a tensor, to be changed.</summary>
    public byte[] DataOf(string name)
    {
        int index = _tensors.FindIndex(tensor => tensor.Name == name);
        byte[] data = _tensors[index].Data.Read();
        _tensors[index] = _tensors[index] with { Data = new TensorBytes(data) };
        return data;
    }

    public byte[] Write()
    {
        using var file = new MemoryStream();
        WriteTo(file);
        return file.ToArray();
    }

    public void WriteTo(Stream file)
    {
        byte[] json = Encoding.UTF8.GetBytes(Json.ToJsonString());
        byte[] numbers = [.. Numbers.SelectMany(Int32)];
        byte[] tokens =
        [
            .. Tokens.Select(Encoding.UTF8.GetBytes).SelectMany(token => (byte[])[.. Int32(token.Length), .. token, 1]), .. Int32(-1),
            .. Merges.Select(Encoding.UTF8.GetBytes).SelectMany(merge => (byte[])[.. Int32(merge.Length), .. merge]), .. Int32(-1),
        ];
        int start = (20 + json.Length + 3) / 4 * 4;
        file.Write([.. "ggmm"u8, .. Int32(1), .. Int32(start), .. Int32(start + numbers.Length), .. Int32(start + numbers.Length + tokens.Length), .. json]);
        file.Write([.. new byte[start - file.Length], .. numbers, .. tokens]);
        foreach ((string name, int[] shape, int type, TensorBytes data) in _tensors)
        {
            file.Write([.. Int32(name.Length), .. Encoding.ASCII.GetBytes(name), .. Int32(shape.Length), .. shape.SelectMany(Int32), .. Int32(type)]);
            file.Write(new byte[(16 - (file.Length % 16)) % 16]);
            file.Write(data.Read());
        }
    }

    public static byte[] Int32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private void Add(string name, long[] shape, string type, TensorBytes data) =>
        _tensors.Add((name, [.. shape.Select(dimension => (int)dimension)], TinyGguf.TypeId(type), data));

    private static string NameOf(string name) => name.StartsWith("thinker.audio_tower.", StringComparison.Ordinal)
        ? name["thinker.audio_tower.".Length..] switch
        {
            var part when part.StartsWith("proj", StringComparison.Ordinal) => "multi_modal_projector." + part,
            var part => "audio." + part
                .Replace("self_attn_layer_norm", "input_layernorm", StringComparison.Ordinal)
                .Replace("final_layer_norm", "post_attention_layernorm", StringComparison.Ordinal)
                .Replace("out_proj", "o_proj", StringComparison.Ordinal)
                .Replace(".fc1.", ".mlp.fc0.", StringComparison.Ordinal)
                .Replace(".fc2.", ".mlp.fc1.", StringComparison.Ordinal),
        }
        : name.Replace("thinker.", string.Empty, StringComparison.Ordinal);
}
