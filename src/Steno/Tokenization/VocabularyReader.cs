using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Steno.Tokenization;

/// <summary>Reads the JSON object that maps symbols to ids: the whole of vocab.json, or <c>model.vocab</c> of tokenizer.json.</summary>
internal static class VocabularyReader
{
    /// <summary>Most symbols that are accepted; the Qwen2 vocabulary has 151 643.</summary>
    public const int MaxSymbolCount = 1 << 20;

    /// <summary>Longest symbol that is accepted, in bytes of the file; the longest of Qwen2 has 256.</summary>
    public const int MaxSymbolBytes = 4096;

    /// <summary>Reads a vocab.json.</summary>
    /// <exception cref="ModelFormatException">The file is not one object of distinct symbols with the ids 0, 1, 2, ...</exception>
    public static Vocabulary ReadFile(TokenizerFile file)
    {
        try
        {
            var reader = file.OpenJson();
            reader.Read();
            var vocabulary = ReadObject(file, ref reader);
            reader.Read();
            return vocabulary;
        }
        catch (Exception fault) when (TokenizerFile.IsJsonFault(fault))
        {
            throw file.NotJson(fault);
        }
    }

    /// <summary>Reads the object at which <paramref name="reader"/> stands, up to its closing brace.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vocabulary ReadObject(TokenizerFile file, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw file.Fault("the vocabulary is no object", ref reader, expected: "{ symbol: id, ... }", found: reader.TokenType.ToString());

        var entries = new List<(int Id, int Start, int Length)>();
        Span<byte> unescaped = stackalloc byte[MaxSymbolBytes];
        byte[] bytes = new byte[file.Content.Length];
        int end = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int length = ReadSymbol(file, ref reader, unescaped, bytes.AsSpan(end));
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int id) || id is < 0 or >= MaxSymbolCount)
                throw file.Fault("a symbol's id is out of range", ref reader, $"a whole number from 0 to {MaxSymbolCount - 1}", ValueText(ref reader));
            if (entries.Count == MaxSymbolCount)
                throw file.Fault("too many symbols", ref reader, expected: $"at most {MaxSymbolCount}");
            entries.Add((id, end, length));
            end += length;
        }

        return Arrange(file, entries, bytes.AsSpan(0, end));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ReadSymbol(TokenizerFile file, ref Utf8JsonReader reader, scoped Span<byte> unescaped, Span<byte> destination)
    {
        if (reader.ValueSpan.Length > MaxSymbolBytes)
            throw file.Fault("a symbol is too long", ref reader, $"at most {MaxSymbolBytes} bytes", $"{reader.ValueSpan.Length}");

        var symbol = unescaped[..reader.CopyString(unescaped)];
        if (symbol.IsEmpty)
            throw file.Fault("a symbol is empty", ref reader, expected: "at least one character");
        if (!ByteLevelAlphabet.TryDecode(symbol, destination, out int length))
            throw file.Fault("a symbol has a character outside the byte-level alphabet", ref reader, found: TokenizerFile.Quote(symbol));
        return length;
    }

    private static Vocabulary Arrange(TokenizerFile file, List<(int Id, int Start, int Length)> entries, ReadOnlySpan<byte> bytes)
    {
        int[] entryOfId = new int[entries.Count];
        Array.Fill(entryOfId, -1);
        for (int i = 0; i < entries.Count; i++)
        {
            int id = entries[i].Id;
            if (id >= entries.Count)
                throw file.Fault($"the ids of {entries.Count} symbols leave gaps", expected: $"0 to {entries.Count - 1}", found: $"id {id}");
            if (entryOfId[id] >= 0)
                throw file.Fault($"two symbols have the id {id}", expected: "every id once");
            entryOfId[id] = i;
        }

        byte[] arranged = new byte[bytes.Length];
        int[] starts = new int[entries.Count + 1];
        for (int id = 0; id < entries.Count; id++)
        {
            var (_, start, length) = entries[entryOfId[id]];
            bytes.Slice(start, length).CopyTo(arranged.AsSpan(starts[id]));
            starts[id + 1] = starts[id] + length;
        }

        return new Vocabulary(file, arranged, starts);
    }

    private static string ValueText(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number ? TokenizerFile.Quote(reader.ValueSpan) : reader.TokenType.ToString();
}
