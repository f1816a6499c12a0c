using System.Globalization;
using System.Text.Json;

namespace Steno.Tokenization;

/// <summary>Reads added tokens: <c>added_tokens_decoder</c> of tokenizer_config.json, or <c>added_tokens</c> of tokenizer.json.</summary>
internal static class AddedTokensReader
{
    /// <summary>Most added tokens that are accepted; Qwen3-ASR has 63.</summary>
    private const int MaxTokenCount = 1024;

    /// <summary>Longest content that is accepted, in bytes of the file.</summary>
    private const int MaxContentBytes = 256;

    /// <summary>Reads a tokenizer_config.json.</summary>
    /// <returns>The tokens in the file's order; none when the file has no <c>added_tokens_decoder</c>.</returns>
    /// <exception cref="ModelFormatException">The file is no JSON object, or a token in it is incomplete or out of bounds.</exception>
    public static List<AddedToken> ReadConfigFile(TokenizerFile file)
    {
        try
        {
            var tokens = new List<AddedToken>();
            var reader = file.OpenJson();
            reader.Read();
            Expect(file, ref reader, JsonTokenType.StartObject, "the file");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isTokens = reader.ValueTextEquals("added_tokens_decoder"u8);
                reader.Read();
                if (!isTokens)
                    reader.Skip();
                else if (tokens.Count > 0)
                    throw file.Fault("added_tokens_decoder stands there twice", ref reader);
                else
                    ReadDecoder(file, ref reader, tokens);
            }

            reader.Read();
            return tokens;
        }
        catch (Exception fault) when (TokenizerFile.IsJsonFault(fault))
        {
            throw file.NotJson(fault);
        }
    }

    /// <summary>Reads the array at which <paramref name="reader"/> stands.</summary>
    public static List<AddedToken> ReadArray(TokenizerFile file, ref Utf8JsonReader reader)
    {
        Expect(file, ref reader, JsonTokenType.StartArray, "added_tokens");
        var tokens = new List<AddedToken>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Add(file, ref reader, tokens, ReadToken(file, ref reader, id: null));
        return tokens;
    }

    private static void ReadDecoder(TokenizerFile file, ref Utf8JsonReader reader, List<AddedToken> tokens)
    {
        Expect(file, ref reader, JsonTokenType.StartObject, "added_tokens_decoder");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = ReadString(file, ref reader, "an id");
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw file.Fault("the key of an added token is no id", ref reader, "a whole number", TokenizerFile.Quote(key));
            reader.Read();
            Add(file, ref reader, tokens, ReadToken(file, ref reader, id));
        }
    }

    private static void Add(TokenizerFile file, ref Utf8JsonReader reader, List<AddedToken> tokens, AddedToken token)
    {
        if (tokens.Count == MaxTokenCount) throw file.Fault("too many added tokens", ref reader, expected: $"at most {MaxTokenCount}");
        tokens.Add(token);
    }

    private static AddedToken ReadToken(TokenizerFile file, ref Utf8JsonReader reader, int? id)
    {
        Expect(file, ref reader, JsonTokenType.StartObject, "an added token");
        string? content = null;
        bool isSpecial = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = ReadName(ref reader);
            reader.Read();
            switch (name)
            {
                case "id":
                    if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int value))
                        throw file.Fault("the id of an added token is no id", ref reader, "a whole number", reader.TokenType.ToString());
                    id = value;
                    break;
                case "content":
                    Expect(file, ref reader, JsonTokenType.String, "the content of an added token");
                    content = ReadString(file, ref reader, "the content of an added token");
                    break;
                case "special":
                    isSpecial = ReadFlag(file, ref reader, name);
                    break;
                case "lstrip" or "rstrip" or "single_word":
                    if (ReadFlag(file, ref reader, name)) throw file.Fault($"an added token has {name} set, which Steno does not support", ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (id is null) throw file.Fault("an added token has no id", ref reader);
        if (id is < 0 or >= VocabularyReader.MaxSymbolCount)
            throw file.Fault("the id of an added token is out of range", ref reader, $"0 to {VocabularyReader.MaxSymbolCount - 1}", $"{id}");
        if (string.IsNullOrEmpty(content)) throw file.Fault($"the added token {id} has no content", ref reader);
        return new AddedToken(id.Value, content, isSpecial);
    }

    private static string ReadName(ref Utf8JsonReader reader) =>
        reader.ValueSpan.Length <= MaxContentBytes ? reader.GetString()! : string.Empty;

    private static string ReadString(TokenizerFile file, ref Utf8JsonReader reader, string what)
    {
        if (reader.ValueSpan.Length > MaxContentBytes)
            throw file.Fault($"{what} is too long", ref reader, $"at most {MaxContentBytes} bytes", $"{reader.ValueSpan.Length}");
        return reader.GetString()!;
    }

    private static bool ReadFlag(TokenizerFile file, ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw file.Fault($"{name} of an added token is no flag", ref reader, "true or false", reader.TokenType.ToString()),
    };

    private static void Expect(TokenizerFile file, ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type) throw file.Fault($"{what} is of the wrong type", ref reader, type.ToString(), reader.TokenType.ToString());
    }
}
