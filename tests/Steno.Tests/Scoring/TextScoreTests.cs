using Steno.Scoring;

namespace Steno.Tests.Scoring;

public sealed class TextScoreTests
{
    [Theory]
    [InlineData("Stop the music.", "stop the music", 2, 15, 0, 14)]
    [InlineData("Stop the music.", "Stop the muses.", 2, 15, 2, 14)]
    [InlineData("", "", 0, 0, 0, 0)]
    [InlineData("!", "?", 1, 1, 0, 0)]
    [InlineData("一二三。", "一三。", 1, 4, 1, 3)]
    public void Both_distances_count_characters(string expected, string actual, int edits, int characters, int normalizedEdits, int normalizedCharacters)
    {
        TextScore score = TextScore.Of(expected, actual);

        Assert.Equal(new CharacterErrors(edits, characters), score.Exact);
        Assert.Equal(new CharacterErrors(normalizedEdits, normalizedCharacters), score.Normalized);
    }

    [Fact]
    public void A_rate_is_over_the_right_text_and_may_exceed_1()
    {
        Assert.Equal(0.5, TextScore.Of("ab", "ac").Exact.Rate);
        Assert.Equal(2, TextScore.Of("ab", "xyzw").Exact.Rate);
        Assert.Equal(3, TextScore.Of("", "abc").Exact.Rate);
        Assert.Equal(0, TextScore.Of("", "").Exact.Rate);
    }

    [Fact]
    public void Scores_add_up_by_characters()
    {
        TextScore sum = TextScore.Of("ab", "ac") + TextScore.Of("abcdef", "abcdef");

        Assert.Equal(0.125, sum.Exact.Rate);
        Assert.Equal(0.125, sum.Normalized.Rate);
    }
}
