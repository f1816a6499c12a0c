using System.Text;

namespace Steno.Tokenization;

/// <summary>Loads a tokenizer from the files that a checkpoint has.</summary>
internal static class TokenizerLoader
{
    /// <summary>Loads a tokenizer; each argument is the path of a file, or null where the checkpoint has none.</summary>
    /// <param name="vocabPath">vocab.json.</param>
    /// <param name="mergesPath">merges.txt.</param>
    /// <param name="tokenizerConfigPath">tokenizer_config.json, for its added tokens.</param>
    /// <param name="tokenizerJsonPath">tokenizer.json: used when one of the first two is missing, or when nothing else lists added tokens.</param>
    /// <exception cref="ModelFormatException">Files are missing or broken, contradict each other, or lack a token that Qwen3-ASR needs.</exception>
    public static BpeTokenizer Load(string? vocabPath, string? mergesPath, string? tokenizerConfigPath, string? tokenizerJsonPath)
    {
        return Load(
            vocabPath is null ? null : () => TokenizerFile.Read(vocabPath),
            mergesPath is null ? null : () => TokenizerFile.Read(mergesPath),
            tokenizerConfigPath is null ? null : TokenizerFile.Read(tokenizerConfigPath),
            tokenizerJsonPath is null ? null : () => TokenizerFile.Read(tokenizerJsonPath),
            vocabPath ?? mergesPath ?? tokenizerConfigPath);
    }

    /// <summary>Loads a tokenizer; each argument reads a file, or is null where the checkpoint has none.</summary>
    /// <param name="vocab">vocab.json.</param>
    /// <param name="merges">merges.txt.</param>
    /// <param name="config">tokenizer_config.json, for its added tokens.</param>
    /// <param name="json">tokenizer.json: used when one of the first two is missing, or when nothing else lists added tokens.</param>
    /// <param name="location">Where the files were looked for, for messages.</param>
    /// <exception cref="ModelFormatException">Files are missing or broken, contradict each other, or lack a token that Qwen3-ASR needs.</exception>
    public static BpeTokenizer Load(Func<TokenizerFile>? vocab, Func<TokenizerFile>? merges, TokenizerFile? config, Func<TokenizerFile>? json, string? location)
    {
        bool isConfigComplete = config is not null && AddedTokensReader.ReadConfigFile(config.Value).Count > 0;
        bool hasPair = vocab is not null && merges is not null;
        if (json is not null && !(hasPair && isConfigComplete)) return FromTokenizerJson(json(), config);
        if (hasPair) return FromVocabAndMerges(vocab!(), merges!(), config);
        throw new ModelFormatException("the checkpoint has no tokenizer", location, expected: "vocab.json and merges.txt, or tokenizer.json");
    }

    /// <summary>Loads the slow form: vocab.json and merges.txt.</summary>
    /// <param name="vocab">vocab.json.</param>
    /// <param name="merges">merges.txt.</param>
    /// <param name="config">tokenizer_config.json; without it, or without added tokens in it, those of Qwen3-ASR go with the Qwen2 vocabulary.</param>
    public static BpeTokenizer FromVocabAndMerges(TokenizerFile vocab, TokenizerFile merges, TokenizerFile? config)
    {
        Vocabulary vocabulary = VocabularyReader.ReadFile(vocab);
        return FromVocabulary(vocabulary, MergesReader.ReadFile(merges, vocabulary), config, vocab, merges);
    }

    /// <summary>Puts a tokenizer together.</summary>
    /// <param name="vocabulary">The symbols.</param>
    /// <param name="mergeTable">The merges.</param>
    /// <param name="config">tokenizer_config.json; without it, or without added tokens in it, those of Qwen3-ASR go with the Qwen2 vocabulary.</param>
    /// <param name="vocab">The file with the symbols, for messages.</param>
    /// <param name="merges">The file with the merges, for messages.</param>
    public static BpeTokenizer FromVocabulary(Vocabulary vocabulary, MergeTable mergeTable, TokenizerFile? config, TokenizerFile vocab, TokenizerFile merges)
    {
        TokenizerFile source = config ?? vocab;
        IReadOnlyList<AddedToken> addedTokens = config is null ? [] : AddedTokensReader.ReadConfigFile(config.Value);
        if (addedTokens.Count > 0) return Combine(vocabulary, mergeTable, addedTokens, source, merges);
        if (vocabulary.Count == Qwen3AsrAddedTokens.FirstId) return Combine(vocabulary, mergeTable, Qwen3AsrAddedTokens.All, source, merges);

        throw source.Fault(
            "the added tokens are unknown",
            $"a tokenizer_config.json with added_tokens_decoder, or a tokenizer.json, or the Qwen2 vocabulary of {Qwen3AsrAddedTokens.FirstId} symbols",
            $"{vocabulary.Count} symbols");
    }

    /// <summary>Loads the fast form.</summary>
    /// <param name="json">tokenizer.json.</param>
    /// <param name="config">tokenizer_config.json, which may name further added tokens; or null.</param>
    public static BpeTokenizer FromTokenizerJson(TokenizerFile json, TokenizerFile? config)
    {
        var (vocabulary, merges, addedTokens) = TokenizerJsonReader.Read(json);
        if (config is not null) addedTokens.AddRange(AddedTokensReader.ReadConfigFile(config.Value));
        return Combine(vocabulary, merges, addedTokens, json, json);
    }

    private static BpeTokenizer Combine(
        Vocabulary vocabulary, MergeTable merges, IReadOnlyList<AddedToken> addedTokens, TokenizerFile source, TokenizerFile mergesFile)
    {
        var byId = new Dictionary<int, AddedToken>();
        var idOfContent = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in addedTokens)
        {
            if (byId.TryGetValue(token.Id, out var other) && other == token) continue;
            if (!byId.TryAdd(token.Id, token))
                throw source.Fault($"the id {token.Id} has two added tokens", found: $"{TokenizerFile.Quote(other!.Content)} and {TokenizerFile.Quote(token.Content)}");
            if (!idOfContent.TryAdd(token.Content, token.Id))
                throw source.Fault($"the added token {TokenizerFile.Quote(token.Content)} has two ids", found: $"{idOfContent[token.Content]} and {token.Id}");
            if (token.Id < vocabulary.Count && !vocabulary.BytesOf(token.Id).SequenceEqual(Encoding.UTF8.GetBytes(token.Content)))
            {
                throw source.Fault(
                    $"the added token {TokenizerFile.Quote(token.Content)} has the id {token.Id}, which is a symbol of the vocabulary",
                    expected: $"an id from {vocabulary.Count}",
                    found: TokenizerFile.Quote(vocabulary.BytesOf(token.Id)));
            }
        }

        var set = new AddedTokenSet(byId.Values);
        MergeCoverage.Require(vocabulary, merges, set, mergesFile);
        return new BpeTokenizer(vocabulary, merges, set, SpecialTokens.Find(set, source.Path));
    }
}
