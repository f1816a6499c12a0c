using Steno.Decoding;

namespace Steno.Engine;

/// <summary>Ends a sequence at a number of tokens.</summary>
/// <remarks>
/// A limit hit at the very token that would have been a stop token is still reported as a limit: whether the model would have stopped there
/// takes one more step to know.
/// </remarks>
internal sealed class TokenLimitRule(int maxTokens) : IStopRule
{
    public StopReason Check(ReadOnlySpan<int> tokens) => tokens.Length >= maxTokens ? StopReason.TokenLimit : StopReason.None;
}
