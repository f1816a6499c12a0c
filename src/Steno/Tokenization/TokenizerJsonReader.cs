using System.Text.Json;

namespace Steno.Tokenization;

/// <summary>Reads a tokenizer.json, the format of the HuggingFace tokenizers library.</summary>
/// <remarks>
/// The vocabulary, the merges and the added tokens are taken. Normaliser, pre-tokeniser and decoder are not looked at: they are those of
/// Qwen2 in every published Qwen3-ASR checkpoint.
/// </remarks>
internal static class TokenizerJsonReader
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="ModelFormatException">The file is no such JSON, or describes something else than a byte-level BPE.</exception>
    public static (Vocabulary Vocabulary, MergeTable Merges, List<AddedToken> AddedTokens) Read(TokenizerFile file)
    {
        try
        {
            var reader = file.OpenJson();
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw file.Fault("the file is no object", ref reader, expected: "a tokenizer.json", found: reader.TokenType.ToString());

            List<AddedToken> addedTokens = [];
            (Vocabulary, MergeTable)? model = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isModel = reader.ValueTextEquals("model"u8);
                bool isAddedTokens = reader.ValueTextEquals("added_tokens"u8);
                reader.Read();
                if (isModel && model is not null) throw file.Fault("model stands there twice", ref reader);
                if (isModel)
                    model = ReadModel(file, ref reader);
                else if (isAddedTokens)
                    addedTokens.AddRange(AddedTokensReader.ReadArray(file, ref reader));
                else
                    reader.Skip();
            }

            reader.Read();
            var (vocabulary, merges) = model ?? throw file.Fault("the file has no model");
            return (vocabulary, merges, addedTokens);
        }
        catch (Exception fault) when (TokenizerFile.IsJsonFault(fault))
        {
            throw file.NotJson(fault);
        }
    }

    private static (Vocabulary Vocabulary, MergeTable Merges) ReadModel(TokenizerFile file, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw file.Fault("model is no object", ref reader, expected: "a BPE model", found: reader.TokenType.ToString());

        Vocabulary? vocabulary = null;

        // The merges may stand before the vocabulary that they name, so they are read from a second reader afterwards.
        Utf8JsonReader mergesReader = default;
        bool hasMerges = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("vocab"u8))
            {
                if (vocabulary is not null) throw file.Fault("model.vocab stands there twice", ref reader);
                reader.Read();
                vocabulary = VocabularyReader.ReadObject(file, ref reader);
            }
            else if (reader.ValueTextEquals("merges"u8))
            {
                reader.Read();
                mergesReader = reader;
                hasMerges = true;
                reader.Skip();
            }
            else
            {
                CheckSetting(file, ref reader);
            }
        }

        if (vocabulary is null) throw file.Fault("the model has no vocab");
        if (!hasMerges) throw file.Fault("the model has no merges");
        return (vocabulary, MergesReader.ReadArray(file, ref mergesReader, vocabulary));
    }

    /// <summary>Passes over a setting of the model; those that would make it another algorithm are refused.</summary>
    private static void CheckSetting(TokenizerFile file, ref Utf8JsonReader reader)
    {
        bool isType = reader.ValueTextEquals("type"u8);
        bool isFlag = reader.ValueTextEquals("byte_fallback"u8) || reader.ValueTextEquals("ignore_merges"u8);
        bool isAffix = reader.ValueTextEquals("continuing_subword_prefix"u8) || reader.ValueTextEquals("end_of_word_suffix"u8);
        long start = reader.TokenStartIndex;
        reader.Read();

        if (isType && !(reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("BPE"u8)))
            throw file.Fault("the model is of another type", ref reader, expected: "BPE");
        if (isFlag && reader.TokenType == JsonTokenType.True)
            throw file.Fault("the model sets byte_fallback or ignore_merges, which a Qwen2 tokenizer does not", offset: start);
        if (isAffix && reader.TokenType == JsonTokenType.String && !reader.ValueTextEquals(""u8))
            throw file.Fault("the model puts a prefix or suffix on its symbols, which a Qwen2 tokenizer does not", offset: start);
        reader.Skip();
    }
}
