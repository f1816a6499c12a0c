using Steno.Scoring;

namespace Steno.Tests.Scoring;

public sealed class NormalizedTextTests
{
    [Theory]
    [InlineData("Stop the music, please!", "stop the music please")]
    [InlineData("  Two\t lines\r\nand — a dash. ", "two lines and a dash")]
    [InlineData("don't", "don t")]
    [InlineData("don’t", "don t")]
    [InlineData("Enciende la MÚSICA.", "enciende la música")]
    [InlineData("关闭音乐。", "关闭音乐")]
    [InlineData("12:30, 3.14 and ½", "12 30 3 14 and ½")]
    [InlineData("ГРОМЧЕ", "громче")]
    [InlineData("a_b", "a b")]
    [InlineData("", "")]
    [InlineData(" ... ", "")]
    public void Case_marks_and_space_go(string text, string normalized) => Assert.Equal(normalized, NormalizedText.Of(text));

    [Fact]
    public void Accents_are_the_same_however_they_are_written() =>
        Assert.Equal("caf\u00E9", NormalizedText.Of("Cafe\u0301"));

    [Theory]
    [InlineData("\u0915\u0940", "\u0915\u0940")]
    [InlineData("\u0E19\u0E49\u0E33!", "\u0E19\u0E49\u0E33")]
    public void Vowels_and_tones_that_are_written_as_combining_marks_stay(string text, string normalized) =>
        Assert.Equal(normalized, NormalizedText.Of(text));

    [Fact]
    public void Nothing_changes_the_second_time()
    {
        string once = NormalizedText.Of("Ünïcode: Ĭt's 3 o'clock — 三点。");

        Assert.Equal(once, NormalizedText.Of(once));
    }
}
