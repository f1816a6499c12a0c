using Steno.Decoding;
using Steno.Tokenization;

namespace Steno.Benchmarks.Growing;

/// <summary>Which token of a small vocabulary a token of a larger one is: the one with the same bytes, added tokens by name.</summary>
internal static class TokenMap
{
    /// <summary>For each id of the larger vocabulary the id of the small one, or -1.</summary>
    /// <param name="from">The small model's tokenizer.</param>
    /// <param name="to">The larger model's tokenizer.</param>
    /// <param name="vocabularySize">Rows of the larger model's embedding table.</param>
    /// <exception cref="BenchmarkException">The larger vocabulary lacks a token, or cuts the prompt in another way.</exception>
    public static int[] Create(BpeTokenizer from, BpeTokenizer to, int vocabularySize)
    {
        if (to.VocabularySize > vocabularySize)
            throw new BenchmarkException($"The tokenizer has {to.VocabularySize} tokens, and the model to grow only {vocabularySize}.");

        var idOfKey = new Dictionary<string, int>(to.VocabularySize, StringComparer.Ordinal);
        for (int id = 0; id < to.VocabularySize; id++)
        {
            if (KeyOf(to, id) is { } key) idOfKey.TryAdd(key, id);
        }

        int[] map = new int[vocabularySize];
        Array.Fill(map, -1);
        for (int id = 0; id < from.VocabularySize; id++)
        {
            if (KeyOf(from, id) is not { } key) continue;
            if (!idOfKey.TryGetValue(key, out int target))
                throw new BenchmarkException($"The tokenizer to grow to has no token '{from.Decode([id], skipSpecial: false)}' (id {id} of the small model).");
            map[target] = id;
        }

        RequireSamePrompt(from, to, map);
        return map;
    }

    // Bytes as Latin-1 characters, marked by the kind of token; null for an id that stands for nothing.
    private static string? KeyOf(BpeTokenizer tokenizer, int id)
    {
        ReadOnlySpan<byte> bytes = tokenizer.TokenBytes(id);
        if (bytes.IsEmpty) return null;
        return (tokenizer.IsAdded(id) ? "added " : "text ") + System.Text.Encoding.Latin1.GetString(bytes);
    }

    // The grown model sees the prompt through the larger tokenizer: token by token it must be what the small one was trained on.
    private static void RequireSamePrompt(BpeTokenizer from, BpeTokenizer to, int[] map)
    {
        foreach (string? language in SupportedLanguages.Names.Prepend(null))
        {
            int[] expected = new PromptBuilder(from).Build(context: null, language, audioTokenCount: 1).Ids;
            int[] actual = new PromptBuilder(to).Build(context: null, language, audioTokenCount: 1).Ids;
            if (!actual.Select(id => map[id]).SequenceEqual(expected))
                throw new BenchmarkException($"The tokenizer to grow to cuts the prompt (language {language ?? "open"}) into other tokens than the small model's.");
        }
    }
}
