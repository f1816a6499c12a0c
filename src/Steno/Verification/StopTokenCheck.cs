using Steno.Tokenization;

namespace Steno.Verification;

/// <summary>Whether a text ends where the model ends its turn: with the numbers of another vocabulary it would go on to the limit.</summary>
internal static class StopTokenCheck
{
    public static VerificationCheck Run(SpecialTokens tokens, IReadOnlyList<int> stopTokenIds)
    {
        const string Expected = "<|im_end|> ends a text";
        string found = stopTokenIds.Contains(tokens.ImEnd) ? Expected : $"{tokens.ImEnd} does not; {string.Join(", ", stopTokenIds)} do";
        return VerificationCheck.Equal("stop tokens", Expected, found);
    }
}
