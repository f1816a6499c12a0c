using Steno.Decoding;
using Steno.Engine;

namespace Steno.Tests.Engine;

public sealed class RepetitionRuleTests
{
    [Theory]
    [InlineData("1 1 1 1", false)]
    [InlineData("1 1 1 1 1", true)]
    [InlineData("9 1 1 1 1 1", true)]
    [InlineData("1 1 1 1 1 2", false)]
    [InlineData("1 2 1 2 1", false)]
    [InlineData("1 2 1 2 1 2", true)]
    [InlineData("7 1 2 3 1 2 3 1 2 3", true)]
    [InlineData("1 2 3 4 1 2 3 4 1 2 3 4", false)]
    public void Copies_at_the_end_are_a_loop(string tokens, bool isLoop)
    {
        var rule = new RepetitionRule(maxPeriod: 3, copies: 3, singleCopies: 5);
        Assert.Equal(isLoop ? StopReason.Repetition : StopReason.None, rule.Check([.. tokens.Split(' ').Select(int.Parse)]));
    }

    [Fact]
    public void A_sequence_ends_by_its_rules()
    {
        using var clips = new EngineClips();
        using StepEngine engine = clips.CreateEngine();
        var sequence = new Sequence(clips.Spec(0) with { StopTokenIds = [], MaxTokens = 1000, StopRules = [new RepetitionRule(20, 3, 6)] });
        engine.Add(sequence);
        StepEngineTests.RunToEnd(engine);
        Assert.True(sequence.StopReason is StopReason.Repetition or StopReason.TokenLimit);
        Assert.Equal(clips.Alone[0], sequence.Tokens[..clips.Alone[0].Length].ToArray());
    }
}
