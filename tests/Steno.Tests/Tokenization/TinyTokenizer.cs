using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Steno.Tokenization;

namespace Steno.Tests.Tokenization;

/// <summary>The tokenizer of models/tiny-asr, and its files for tests that change them.</summary>
internal static class TinyTokenizer
{
    private static readonly Lazy<BpeTokenizer> Loaded = new(() => TokenizerLoader.FromVocabAndMerges(Vocab, Merges, Config));

    public static BpeTokenizer Instance => Loaded.Value;

    public static TokenizerFile Vocab => Read("vocab.json");

    public static TokenizerFile Merges => Read("merges.txt");

    public static TokenizerFile Config => Read("tokenizer_config.json");

    /// <summary>The same tokenizer in the fast form.</summary>
    /// <param name="isPairs">True to write merges as pairs, false as strings with a space.</param>
    /// <param name="isMergesFirst">True to put the merges before the vocabulary.</param>
    public static JsonObject ToTokenizerJson(bool isPairs, bool isMergesFirst)
    {
        var lines = Encoding.UTF8.GetString(Merges.Content.Span).Split('\n').Skip(1).Where(line => line.Length > 0);
        var merges = new JsonArray([.. lines.Select(line => isPairs ? Pair(line) : JsonValue.Create(line))]);
        var vocab = JsonNode.Parse(Vocab.Content.Span);
        var model = isMergesFirst
            ? new JsonObject { ["merges"] = merges, ["vocab"] = vocab }
            : new JsonObject { ["vocab"] = vocab, ["merges"] = merges };
        model["type"] = "BPE";

        var addedTokens = new JsonArray();
        foreach (var (id, token) in JsonNode.Parse(Config.Content.Span)!["added_tokens_decoder"]!.AsObject())
        {
            var copy = token!.DeepClone();
            copy["id"] = int.Parse(id, System.Globalization.CultureInfo.InvariantCulture);
            addedTokens.Add(copy);
        }

        return new JsonObject { ["version"] = "1.0", ["added_tokens"] = addedTokens, ["model"] = model };

        static JsonNode Pair(string line) => new JsonArray([.. line.Split(' ').Select(part => JsonValue.Create(part))]);
    }

    public static TokenizerFile File(string name, string content) => new(name, Encoding.UTF8.GetBytes(content));

    public static TokenizerFile File(string name, JsonNode content) => new(name, JsonSerializer.SerializeToUtf8Bytes(content));

    private static TokenizerFile Read(string name) => TokenizerFile.Read(Repository.PathOf("models", "tiny-asr", name));
}
