using System.Globalization;
using System.Text;
using Steno.Dialects;
using Steno.Formats.Gguf;
using Steno.Tokenization;

namespace Steno.Exporting;

/// <summary>Writes a tokenizer into a GGUF file: all tokens by id with their types, and the merges.</summary>
internal static class GgufTokenizerWriter
{
    private const int NormalType = 1;
    private const int ControlType = 3;
    private const int UserDefinedType = 4;
    private const int UnusedType = 5;

    /// <summary>Adds the keys of a tokenizer.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="vocabularySize">Rows of the embedding; ids without a token are listed as <c>[PAD…]</c>.</param>
    public static void Add(GgufWriter file, BpeTokenizer tokenizer, int vocabularySize)
    {
        byte[][] tokens = new byte[vocabularySize][];
        int[] types = new int[vocabularySize];
        for (int id = 0; id < vocabularySize; id++) (tokens[id], types[id]) = Describe(tokenizer, id);
        file.Add(GgufTokenizerKeys.Model, GgufTokenizerKeys.ByteLevelBpe);
        file.Add(GgufTokenizerKeys.Pre, "qwen2");
        file.Add(GgufTokenizerKeys.Tokens, tokens);
        file.Add(GgufTokenizerKeys.Types, types);
        file.Add(GgufTokenizerKeys.Merges, Merges(tokenizer));
        file.Add(GgufTokenizerKeys.EndOfTurn, (uint)tokenizer.SpecialTokens.ImEnd);
        file.Add(GgufTokenizerKeys.Padding, (uint)tokenizer.SpecialTokens.EndOfText);
        file.Add(GgufTokenizerKeys.AddsStart, value: false);
    }

    private static (byte[] Text, int Type) Describe(BpeTokenizer tokenizer, int id)
    {
        ReadOnlySpan<byte> bytes = tokenizer.TokenBytes(id);
        if (bytes.IsEmpty) return (Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]")), UnusedType);
        if (!tokenizer.IsAdded(id)) return (ByteLevelAlphabet.Encode(bytes), NormalType);
        return (bytes.ToArray(), tokenizer.IsSpecial(id) ? ControlType : UserDefinedType);
    }

    private static byte[][] Merges(BpeTokenizer tokenizer)
    {
        (int Left, int Right)[] merges = tokenizer.Merges.InRankOrder();
        byte[][] texts = new byte[merges.Length][];
        for (int rank = 0; rank < merges.Length; rank++)
            texts[rank] = [.. ByteLevelAlphabet.Encode(tokenizer.TokenBytes(merges[rank].Left)), (byte)' ', .. ByteLevelAlphabet.Encode(tokenizer.TokenBytes(merges[rank].Right))];
        return texts;
    }
}
