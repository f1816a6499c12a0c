using System.Text;
using System.Text.Json.Nodes;

namespace Steno.Tests.Checkpoints;

/// <summary>The built-in model with a vocabulary of the published size, its added tokens where the published ones are: the other rows stand for nothing.</summary>
internal static class Qwen2SizedCheckpoint
{
    public const int SymbolCount = 151643;
    public const int VocabularySize = 151936;
    private const string EmbeddingName = "thinker.model.embed_tokens.weight";

    // Ids of the built-in tokenizer and of the published ones.
    private static readonly (int Tiny, int Published)[] AddedTokens =
        [(1115, 151643), (1116, 151644), (1117, 151645), (1118, 151669), (1119, 151670), (1120, 151676), (1121, 151704), (1122, 151705)];

    public static List<StoredTensor> Tensors()
    {
        List<StoredTensor> tensors = TinyCheckpoint.ReadTensors();
        int index = tensors.FindIndex(tensor => tensor.Name == EmbeddingName);
        StoredTensor tiny = tensors[index];
        int rowBytes = (int)tiny.Shape[1] * 2;
        byte[] data = new byte[VocabularySize * rowBytes];
        tiny.Data.AsSpan(0, AddedTokens[0].Tiny * rowBytes).CopyTo(data);
        foreach ((int from, int to) in AddedTokens)
            tiny.Data.AsSpan(from * rowBytes, rowBytes).CopyTo(data.AsSpan(to * rowBytes));
        tensors[index] = tiny with { Shape = [VocabularySize, tiny.Shape[1]], Data = data };
        return tensors;
    }

    /// <summary>Writes config.json, generation_config.json, vocab.json and merges.txt: what the downloader of the C program qwen_asr fetches beside the weights.</summary>
    public static void WriteSmallFiles(TemporaryDirectory directory, bool hasPortConfig)
    {
        JsonObject config = hasPortConfig ? TinyCheckpoint.ReadFlatConfig() : TinyCheckpoint.ReadConfig();
        JsonObject inner = hasPortConfig ? config : config["thinker_config"]!.AsObject();
        inner["text_config"]!["vocab_size"] = VocabularySize;
        inner["audio_start_token_id"] = 151669;
        inner["audio_end_token_id"] = 151670;
        inner["audio_token_id"] = 151676;
        directory.Write("config.json", config.ToJsonString());
        directory.Write("generation_config.json", """{"do_sample": false, "eos_token_id": [151643, 151645], "pad_token_id": 151643}""");

        WriteVocabulary(directory);
    }

    // Every symbol needs a merge that makes it. The additional ones begin with bytes that no UTF-8 text has, so that they change no ids.
    private static void WriteVocabulary(TemporaryDirectory directory)
    {
        const string BytesOutsideUtf8 = "õö÷øùúûüýþÿ";
        JsonObject vocabulary = JsonNode.Parse(File.ReadAllText(Path.Combine(TinyCheckpoint.Directory, "vocab.json")))!.AsObject();
        List<string> symbols = [.. vocabulary.Select(pair => pair.Key)];
        var merges = new StringBuilder(File.ReadAllText(Path.Combine(TinyCheckpoint.Directory, "merges.txt")).TrimEnd()).Append('\n');
        var known = symbols.ToHashSet(StringComparer.Ordinal);
        for (int i = 0; symbols.Count < SymbolCount; i++)
        {
            foreach (char first in BytesOutsideUtf8)
            {
                string symbol = first + symbols[i];
                if (symbols.Count == SymbolCount || !known.Add(symbol)) continue;
                merges.Append(first).Append(' ').Append(symbols[i]).Append('\n');
                vocabulary[symbol] = symbols.Count;
                symbols.Add(symbol);
            }
        }

        directory.Write("vocab.json", vocabulary.ToJsonString());
        directory.Write("merges.txt", merges.ToString());
    }

    /// <summary>Writes the other files of a published repository.</summary>
    public static void WriteOtherFiles(TemporaryDirectory directory)
    {
        JsonObject tokenizer = JsonNode.Parse(File.ReadAllText(Path.Combine(TinyCheckpoint.Directory, "tokenizer_config.json")))!.AsObject();
        JsonObject tokens = tokenizer["added_tokens_decoder"]!.AsObject();
        tokenizer["added_tokens_decoder"] = new JsonObject(AddedTokens.Select(pair => KeyValuePair.Create<string, JsonNode?>($"{pair.Published}", tokens[$"{pair.Tiny}"]!.DeepClone())));
        directory.Write("tokenizer_config.json", tokenizer.ToJsonString());
        TinyCheckpoint.Copy(directory, "preprocessor_config.json");
        foreach (string name in new[] { "chat_template.json", "special_tokens_map.json", "processor_config.json" })
            directory.Write(name, "{}");
        foreach (string name in new[] { "README.md", ".gitattributes", "LICENSE" })
            directory.Write(name, "text");
    }
}
