using System.Buffers;
using System.Text;
using Steno.Checkpoints;
using Steno.Formats.Ggmm;
using Steno.Tokenization;

namespace Steno.Dialects;

/// <summary>
/// Reads the tokenizer of a file of chatllm.cpp: tokens by id, each a length, its text in the byte-level alphabet and a type; a length of -1; merges, each a
/// length and its text; a length of -1. Added tokens stand in its tokenizer_config.json, and in some files among the tokens too.
/// </summary>
internal static class ChatLlmTokenizerReader
{
    private const int EndMark = -1;

    /// <summary>Reads the tokenizer.</summary>
    /// <param name="file">The file.</param>
    /// <param name="files">The small files in it.</param>
    /// <exception cref="ModelFormatException">The lists are broken, contradict each other, or lack a token that Qwen3-ASR needs.</exception>
    public static BpeTokenizer Read(GgmmFile file, CheckpointFiles files)
    {
        TokenizerFile? config = files.Find("tokenizer_config.json");
        IReadOnlyList<AddedToken> added = config is null ? [] : AddedTokensReader.ReadConfigFile(config.Value);
        var source = new TokenizerFile(file.Location, default);
        GgmmReader reader = file.OpenTokens();
        Vocabulary vocabulary = ReadTokens(ref reader, file.Location, added);
        MergeTable merges = MergesReader.ReadFile(new TokenizerFile(file.Location, ReadMerges(ref reader)), vocabulary);
        if (reader.Remaining != 0) throw reader.Fault("bytes follow the merges", "the tensors", $"{reader.Remaining} bytes");
        return TokenizerLoader.FromVocabulary(vocabulary, merges, config, source, source);
    }

    private static Vocabulary ReadTokens(ref GgmmReader reader, string file, IReadOnlyList<AddedToken> added)
    {
        Dictionary<int, string> addedById = added.ToDictionary(token => token.Id, token => token.Content);
        int firstAdded = added.Count == 0 ? int.MaxValue : added.Min(token => token.Id);
        var symbols = new ArrayBufferWriter<byte>();
        var starts = new List<int> { 0 };
        for (int id = 0; TryReadText(ref reader, "a token", out ReadOnlySpan<byte> text); id++)
        {
            reader.Take(1, "the type of a token");
            if (id == VocabularyReader.MaxSymbolCount) throw reader.Fault("the file has too many tokens", $"at most {VocabularyReader.MaxSymbolCount}");
            if (id < firstAdded) AddSymbol(reader, text, symbols, starts);
            else if (addedById.TryGetValue(id, out string? content) && content != Encoding.UTF8.GetString(text))
                throw reader.Fault($"the token {id} is another than tokenizer_config.json has", TokenizerFile.Quote(content), TokenizerFile.Quote(text));
        }

        return new Vocabulary(new TokenizerFile(file, default), symbols.WrittenSpan.ToArray(), [.. starts]);
    }

    private static void AddSymbol(GgmmReader reader, scoped ReadOnlySpan<byte> text, ArrayBufferWriter<byte> symbols, List<int> starts)
    {
        if (!ByteLevelAlphabet.TryDecode(text, symbols.GetSpan(Math.Max(1, text.Length)), out int length) || length == 0)
            throw reader.Fault($"the token {starts.Count - 1} has a character outside the byte-level alphabet", found: TokenizerFile.Quote(text));
        symbols.Advance(length);
        starts.Add(symbols.WrittenCount);
    }

    // The merges as the lines of a merges.txt, whose first line may be a comment.
    private static byte[] ReadMerges(ref GgmmReader reader)
    {
        var lines = new ArrayBufferWriter<byte>();
        lines.Write("#version: 0.2\n"u8);
        while (TryReadText(ref reader, "a merge", out ReadOnlySpan<byte> text))
        {
            if (text.IsEmpty || text.ContainsAny((byte)'\n', (byte)'\r')) throw reader.Fault("a merge is none", "two symbols with one space between", TokenizerFile.Quote(text));
            lines.Write(text);
            lines.Write("\n"u8);
        }

        return lines.WrittenSpan.ToArray();
    }

    private static bool TryReadText(ref GgmmReader reader, string what, out ReadOnlySpan<byte> text)
    {
        int length = reader.Int32("the length of " + what, EndMark, 2 * VocabularyReader.MaxSymbolBytes);
        text = length == EndMark ? default : reader.Take(length, what);
        return length != EndMark;
    }
}
