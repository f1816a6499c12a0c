using Steno.Tests.Tokenization;
using Steno.Tokenization;
using Steno.Verification;

namespace Steno.Tests.Verification;

public sealed class StopTokenCheckTests
{
    // A generation_config.json of another model: the text would go on behind its end, with the control tokens of what follows.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_end_of_a_turn_must_end_a_text(bool isThere)
    {
        SpecialTokens tokens = TinyTokenizer.Instance.SpecialTokens;

        VerificationCheck check = StopTokenCheck.Run(tokens, isThere ? [tokens.EndOfText, tokens.ImEnd] : [1, 2]);

        Assert.Equal(isThere, check.IsOk);
    }
}
