using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Steno.Checkpoints;
using Steno.Model;
using Steno.Tests.Checkpoints;
using Steno.Tests.Dialects;

namespace Steno.Tests.Packagings;

/// <summary>The built-in checkpoint taken apart, perhaps on more features than it has, for the writers of other programs' files.</summary>
internal sealed class SourceModel
{
    private readonly Dictionary<int, string> _added = [];
    private readonly string _directory;

    /// <summary>Takes the built-in checkpoint apart.</summary>
    /// <param name="copies">How many times wider than the built-in model: types with blocks of 256 need rows of that length.</param>
    public SourceModel(int copies = 1)
        : this(TinyCheckpoint.Directory)
    {
        Multiply(Audio, "d_model", "encoder_attention_heads", "encoder_ffn_dim", "output_dim");
        Multiply(Text, "hidden_size", "num_attention_heads", "num_key_value_heads", "intermediate_size");
        Tensors = [.. TinyCheckpoint.ReadTensors().Select(tensor => (tensor.Name, TinyGguf.Widen(tensor, copies)))
            .Select(entry => Constant(entry.Name, entry.Item2.Shape, entry.Item2.Values))];

        void Multiply(JsonObject place, params string[] keys)
        {
            foreach (string key in keys) place[key] = place[key]!.GetValue<int>() * copies;
        }
    }

    private SourceModel(string directory)
    {
        _directory = directory;
        Config = JsonNode.Parse(Read("config.json"))!.AsObject();
        Tensors = [];
        JsonObject vocabulary = JsonNode.Parse(Read("vocab.json"))!.AsObject();
        Symbols = new string[vocabulary.Count];
        foreach ((string symbol, JsonNode? id) in vocabulary) Symbols[id!.GetValue<int>()] = symbol;
        foreach ((string id, JsonNode? token) in JsonNode.Parse(Read("tokenizer_config.json"))!["added_tokens_decoder"]!.AsObject())
            _added.Add(int.Parse(id, CultureInfo.InvariantCulture), token!["content"]!.GetValue<string>());
    }

    /// <summary>A model of one layer and of random weights with the tokens of the built-in one, small enough to be opened thousands of times.</summary>
    public static SourceModel Micro()
    {
        var model = new SourceModel(TinyCheckpoint.Directory);
        Set(model.Audio, ("d_model", 32), ("encoder_layers", 1), ("num_hidden_layers", 1), ("encoder_attention_heads", 2), ("encoder_ffn_dim", 32), ("downsample_hidden_size", 16), ("output_dim", 32));
        Set(model.Text, ("hidden_size", 32), ("num_hidden_layers", 1), ("num_attention_heads", 2), ("num_key_value_heads", 1), ("head_dim", 32), ("intermediate_size", 32));
        ModelConfig config = ModelConfigReader.Read(JsonDocument.Parse(model.Config.ToJsonString()), "config.json");
        var random = new Random(1);
        model.Tensors = [.. ModelTensors.Of(config).Select(tensor => Constant(
            tensor.Name, tensor.Shape, [.. Enumerable.Range(0, (int)tensor.Shape.Aggregate((product, dimension) => product * dimension)).Select(_ => random.NextSingle() - 0.5f)]))];
        return model;

        static void Set(JsonObject place, params (string Key, int Value)[] values)
        {
            foreach ((string key, int value) in values) place[key] = value;
        }
    }

    /// <summary>A checkpoint of any size with its weights in one file, in BF16.</summary>
    public static SourceModel Of(string directory)
    {
        string path = Path.Combine(directory, "model.safetensors");
        using FileStream file = File.OpenRead(path);
        byte[] length = new byte[8];
        file.ReadExactly(length);
        byte[] header = new byte[BinaryPrimitives.ReadInt64LittleEndian(length)];
        file.ReadExactly(header);
        JsonObject entries = JsonNode.Parse(header)!.AsObject();
        entries.Remove("__metadata__");
        var model = new SourceModel(directory);

        // A head that is the embedding may be stored all the same.
        if (model.Text["tie_word_embeddings"]!.GetValue<bool>()) entries.Remove("thinker.lm_head.weight");
        model.Tensors = [.. entries.Select(entry => new SourceTensor(entry.Key, Longs(entry.Value!["shape"]!), () => Values(entry.Key, entry.Value!)))];
        return model;

        static long[] Longs(JsonNode list) => [.. list.AsArray().Select(number => number!.GetValue<long>())];

        float[] Values(string name, JsonNode entry)
        {
            long[] offsets = Longs(entry["data_offsets"]!);
            byte[] data = new byte[offsets[1] - offsets[0]];
            using FileStream weights = File.OpenRead(path);
            weights.Position = 8 + header.Length + offsets[0];
            weights.ReadExactly(data);
            return TinyCheckpoint.Values(new StoredTensor(name, entry["dtype"]!.GetValue<string>(), [], data));
        }
    }

    /// <summary>config.json.</summary>
    public JsonObject Config { get; }

    public JsonObject Audio => Config["thinker_config"]!["audio_config"]!.AsObject();

    public JsonObject Text => Config["thinker_config"]!["text_config"]!.AsObject();

    public IReadOnlyList<SourceTensor> Tensors { get; private set; }

    /// <summary>The symbols of the vocabulary by id.</summary>
    public string[] Symbols { get; }

    public IReadOnlyDictionary<int, string> AddedTokens => _added;

    public int VocabularySize => Text["vocab_size"]!.GetValue<int>();

    public string[] Merges => [.. Read("merges.txt").Split('\n').Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))];

    public uint AudioNumber(string key) => (uint)Audio[key]!.GetValue<int>();

    public uint TextNumber(string key) => (uint)Text[key]!.GetValue<int>();

    public uint TokenId(string key) => (uint)Config["thinker_config"]![key]!.GetValue<int>();

    private static SourceTensor Constant(string name, long[] shape, float[] values) => new(name, shape, () => values);

    public SourceTensor Tensor(string name) => Tensors.Single(tensor => tensor.Name == name);

    /// <summary>A small file of the checkpoint.</summary>
    public string Read(string name) => File.ReadAllText(Path.Combine(_directory, name));

    /// <summary>Writes a directory with the values that a file stores, in F32, for a model of any size.</summary>
    public void WriteLargeDirectory(string directory, Func<SourceTensor, float[]> valuesOf)
    {
        Directory.CreateDirectory(directory);
        foreach (string name in new[] { "config.json", "vocab.json", "merges.txt", "tokenizer_config.json", "generation_config.json", "preprocessor_config.json" })
            File.WriteAllText(Path.Combine(directory, name), Read(name));
        var header = new JsonObject();
        long end = 0;
        foreach (SourceTensor tensor in Tensors)
        {
            long begin = end;
            end += sizeof(float) * tensor.ElementCount;
            header[tensor.Name] = new JsonObject { ["dtype"] = "F32", ["shape"] = JsonSerializer.SerializeToNode(tensor.Shape), ["data_offsets"] = new JsonArray(begin, end) };
        }

        byte[] json = Encoding.UTF8.GetBytes(header.ToJsonString());
        using FileStream file = File.Create(Path.Combine(directory, "model.safetensors"));
        file.Write([.. BitConverter.GetBytes((long)json.Length), .. json]);
        foreach (SourceTensor tensor in Tensors) file.Write(MemoryMarshal.AsBytes(valuesOf(tensor).AsSpan()));
    }

    /// <summary>Writes a directory with the values that a file stores, in F32.</summary>
    public void WriteDirectory(TemporaryDirectory directory, Func<SourceTensor, float[]> valuesOf)
    {
        directory.Write("config.json", Config.ToJsonString());
        TinyCheckpoint.Copy(directory, "vocab.json", "merges.txt", "tokenizer_config.json", "generation_config.json", "preprocessor_config.json");
        directory.Write("model.safetensors", SafetensorsWriter.Write([.. Tensors.Select(tensor => new StoredTensor(tensor.Name, "F32", tensor.Shape, [.. valuesOf(tensor).SelectMany(BitConverter.GetBytes)]))]));
    }
}
