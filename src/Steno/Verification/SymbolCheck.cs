using System.Text;
using Steno.Tokenization;

namespace Steno.Verification;

/// <summary>Whether every symbol of a vocabulary, written as text, becomes itself again: merges that are missing or in another order make two or more of it.</summary>
internal static class SymbolCheck
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encodes the symbols that are texts: whole characters, in normal form, of one word.</summary>
    public static VerificationCheck Run(BpeTokenizer tokenizer)
    {
        int count = 0;
        int changedCount = 0;
        string? firstChanged = null;
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.IsAdded(id) || TextOf(tokenizer.TokenBytes(id)) is not { } text) continue;
            count++;
            if (tokenizer.Encode(text, allowAddedTokens: false).AsSpan().SequenceEqual([id])) continue;
            changedCount++;
            firstChanged ??= text;
        }

        string expected = $"{count} symbols are themselves";
        string found = firstChanged is null ? expected : $"{changedCount} of {count} are others, such as {TokenizerFile.Quote(firstChanged)}";
        return VerificationCheck.Equal("tokenizer: its symbols", expected, found);
    }

    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return null;
        try
        {
            string text = Strict.GetString(bytes);
            return Nfc.Normalize(text) == text && PreTokenizer.LengthOfFirst(text) == text.Length ? text : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
