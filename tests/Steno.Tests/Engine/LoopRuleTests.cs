using Steno.Decoding;
using Steno.Engine;

namespace Steno.Tests.Engine;

public sealed class LoopRuleTests
{
    [Fact]
    public void Copies_that_fit_into_the_speech_are_no_loop()
    {
        int[] tokens = [.. Enumerable.Repeat(7, 8)];

        Assert.Equal(StopReason.None, new LoopRule(Text, TimeSpan.FromSeconds(10)).Check(tokens));
        Assert.Equal(StopReason.Repetition, new LoopRule(Text, TimeSpan.FromSeconds(0.5)).Check(tokens));
    }

    [Fact]
    public void Many_copies_are_a_loop_in_any_case()
    {
        var rule = new LoopRule(Text, TimeSpan.FromHours(1));

        Assert.Equal(StopReason.None, rule.Check([.. Enumerable.Repeat(7, 23)]));
        Assert.Equal(StopReason.Repetition, rule.Check([.. Enumerable.Repeat(7, 24)]));
        Assert.Equal(StopReason.Repetition, rule.Check([.. Enumerable.Repeat(Enumerable.Range(0, 32), 12).SelectMany(ids => ids)]));
    }

    [Fact]
    public void Text_is_decoded_only_where_there_are_copies()
    {
        var rule = new LoopRule(_ => throw new InvalidOperationException("decoded"), TimeSpan.Zero);

        Assert.Equal(StopReason.None, rule.Check([.. Enumerable.Range(0, 500)]));
    }

    [Fact]
    public void A_sequence_ends_by_its_rules()
    {
        using var clips = new EngineClips();
        using StepEngine engine = clips.CreateEngine();
        var sequence = new Sequence(clips.Spec(0) with { StopTokenIds = [], MaxTokens = 1000, StopRules = [new LoopRule(Text, TimeSpan.Zero)] });
        engine.Add(sequence);
        StepEngineTests.RunToEnd(engine);
        Assert.True(sequence.StopReason is StopReason.Repetition or StopReason.TokenLimit);
        Assert.Equal(clips.Alone[0], sequence.Tokens[..clips.Alone[0].Length].ToArray());
    }

    // Four characters for each token.
    private static string Text(ReadOnlySpan<int> tokens) => new('x', 4 * tokens.Length);
}
