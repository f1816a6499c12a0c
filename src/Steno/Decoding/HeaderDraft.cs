using Steno.Tokenization;

namespace Steno.Decoding;

/// <summary>The tokens with which an answer will probably begin: the language header.</summary>
/// <remarks>They are checked in the same pass as the prompt. Each one that is right saves a decode step before the first text; the ids are the same without them.</remarks>
internal static class HeaderDraft
{
    private const string CommonLanguage = "English";

    /// <summary>The header with the language of what came before.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="language">As the model names it; null or empty when nothing is known.</param>
    public static int[] Of(BpeTokenizer tokenizer, string? language) =>
        [.. tokenizer.Encode("language " + (string.IsNullOrEmpty(language) ? CommonLanguage : language), allowAddedTokens: false), tokenizer.SpecialTokens.AsrText];
}
