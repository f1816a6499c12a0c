using System.Buffers;
using System.Text;
using Steno.Formats.Gguf;
using Steno.Tokenization;

namespace Steno.Dialects;

/// <summary>Reads the tokenizer that a GGUF file holds: one list of all tokens by id, and the merges.</summary>
/// <remarks>
/// The list holds the symbols of the BPE vocabulary, then the added tokens, then <c>[PAD…]</c> or <c>&lt;|unused_…|&gt;</c> for ids that stand for nothing. The first
/// added token of every Qwen tokenizer is <c>&lt;|endoftext|&gt;</c>. Some converters leave added tokens as <c>[PAD…]</c> too; after
/// the vocabulary of Qwen2, whose added tokens have the ids of Qwen3-ASR, their texts are known.
/// </remarks>
internal static class GgufTokenizerReader
{
    private const int ControlType = 3;
    private const int MaxTokenCount = 1 << 20;
    private const int MaxTokenBytes = 4096;

    private static ReadOnlySpan<byte> FirstAddedToken => "<|endoftext|>"u8;

    /// <summary>Whether a file holds a whole tokenizer.</summary>
    public static bool IsIn(GgufFile file) => file.Metadata.Has(GgufTokenizerKeys.Tokens) && file.Metadata.Has(GgufTokenizerKeys.Merges);

    /// <summary>Reads the tokenizer of a file.</summary>
    /// <param name="file">A file with tokens and merges.</param>
    /// <exception cref="ModelFormatException">The lists are broken, contradict each other, or lack a token that Qwen3-ASR needs.</exception>
    /// <exception cref="UnsupportedModelException">The tokenizer is of another kind.</exception>
    public static BpeTokenizer Read(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        string? model = metadata.Text(GgufTokenizerKeys.Model);
        if (model is not (null or GgufTokenizerKeys.ByteLevelBpe))
        {
            throw new UnsupportedModelException(
                $"{file.Location}: the tokenizer is of another kind: found {metadata.Describe(GgufTokenizerKeys.Model)}, supported is {GgufTokenizerKeys.ByteLevelBpe}.");
        }

        (byte[] symbols, int[] starts, List<AddedToken> added) = ReadTokens(metadata);
        var source = new TokenizerFile(file.Location, default);
        var vocabulary = new Vocabulary(source, symbols, starts);
        MergeTable merges = MergesReader.ReadFile(new TokenizerFile(file.Location, MergeLines(metadata)), vocabulary);
        var set = new AddedTokenSet(added);
        MergeCoverage.Require(vocabulary, merges, set, source);
        return new BpeTokenizer(vocabulary, merges, set, SpecialTokens.Find(set, file.Location));
    }

    private static (byte[] Symbols, int[] Starts, List<AddedToken> Added) ReadTokens(GgufMetadata metadata)
    {
        GgufTexts tokens = metadata.Texts(GgufTokenizerKeys.Tokens, MaxTokenCount);
        int[]? types = metadata.Integers(GgufTokenizerKeys.Types, MaxTokenCount);
        if (types is not null && types.Length != tokens.Count)
            throw metadata.Fault(GgufTokenizerKeys.Types, "has another length than the list of tokens", $"{tokens.Count}", $"{types.Length}");

        var symbols = new ArrayBufferWriter<byte>();
        var starts = new List<int>(Math.Min(tokens.Count, Qwen3AsrAddedTokens.FirstId) + 1) { 0 };
        var added = new List<AddedToken>();
        var contents = new HashSet<string>(StringComparer.Ordinal);
        for (int id = 0; id < tokens.Count; id++)
        {
            ReadOnlySpan<byte> text = tokens.ReadNext();
            if (text.Length > MaxTokenBytes)
                throw metadata.Fault(GgufTokenizerKeys.Tokens, $"has a token {id} that is too long", $"at most {MaxTokenBytes} bytes", $"{text.Length}");
            bool isAdded = added.Count > 0 || text.SequenceEqual(FirstAddedToken) || (id == Qwen3AsrAddedTokens.FirstId && IsPadding(text));
            if (!isAdded)
            {
                if (!ByteLevelAlphabet.TryDecode(text, symbols.GetSpan(Math.Max(1, text.Length)), out int length) || length == 0)
                {
                    throw metadata.Fault(
                        GgufTokenizerKeys.Tokens, $"has a token {id} with a character outside the byte-level alphabet", found: TokenizerFile.Quote(text));
                }
                symbols.Advance(length);
                starts.Add(symbols.WrittenCount);
                continue;
            }

            if (AddedTokenOf(id, text, types, isQwen2: starts.Count - 1 == Qwen3AsrAddedTokens.FirstId) is not { } token) continue;
            if (!contents.Add(token.Content))
                throw metadata.Fault(GgufTokenizerKeys.Tokens, $"has the added token {TokenizerFile.Quote(token.Content)} twice");
            added.Add(token);
        }

        return (symbols.WrittenSpan.ToArray(), [.. starts], added);
    }

    // Null for an id that stands for nothing.
    private static AddedToken? AddedTokenOf(int id, ReadOnlySpan<byte> text, int[]? types, bool isQwen2)
    {
        int index = id - Qwen3AsrAddedTokens.FirstId;
        AddedToken? known = isQwen2 && index >= 0 && index < Qwen3AsrAddedTokens.All.Count ? Qwen3AsrAddedTokens.All[index] : null;
        if (text.IsEmpty || IsPadding(text)) return known;
        if (text.StartsWith("<|unused_"u8) && text.EndsWith("|>"u8)) return null;
        string content = Encoding.UTF8.GetString(text);
        known = Qwen3AsrAddedTokens.All.FirstOrDefault(token => token.Content == content);
        bool isSpecial = known?.IsSpecial ?? (types is null ? content.StartsWith("<|", StringComparison.Ordinal) : types[id] == ControlType);
        return new AddedToken(id, content, isSpecial);
    }

    private static bool IsPadding(ReadOnlySpan<byte> text) => text.StartsWith("[PAD"u8);

    // The merges as the lines of a merges.txt, whose first line may be a comment.
    private static byte[] MergeLines(GgufMetadata metadata)
    {
        GgufTexts merges = metadata.Texts(GgufTokenizerKeys.Merges, MaxTokenCount);
        var lines = new ArrayBufferWriter<byte>();
        lines.Write("#version: 0.2\n"u8);
        for (int i = 0; i < merges.Count; i++)
        {
            ReadOnlySpan<byte> merge = merges.ReadNext();
            if (merge.IsEmpty || merge.ContainsAny((byte)'\n', (byte)'\r'))
            {
                throw metadata.Fault(
                    GgufTokenizerKeys.Merges, $"has an element {i} that is no merge", "two symbols with one space between", TokenizerFile.Quote(merge));
            }
            lines.Write(merge);
            lines.Write("\n"u8);
        }

        return lines.WrittenSpan.ToArray();
    }
}
