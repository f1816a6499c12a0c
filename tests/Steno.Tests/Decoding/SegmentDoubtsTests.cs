using Steno.Decoding;

namespace Steno.Tests.Decoding;

public sealed class SegmentDoubtsTests
{
    [Theory]
    [InlineData(7.9, 0, false)]
    [InlineData(8, 13, true)]
    [InlineData(8, 14, false)]
    [InlineData(20, 34, true)]
    [InlineData(20, 35, false)]
    [InlineData(20.3, 34, true)]
    [InlineData(20.3, 35, false)]
    public void Far_too_little_text_is_a_collapse(double seconds, int tokens, bool isCollapsed) =>
        Assert.Equal(isCollapsed, SegmentDoubts.IsCollapsed(TimeSpan.FromSeconds(seconds), tokens));

    [Theory]
    [InlineData("123456789 123456789 123456789 123456789 12345678", true)]
    [InlineData("123456789 123456789 123456789 123456789 1234567", false)]
    [InlineData("Then 123456789 123456789 123456789 123456789 123", false)]
    public void A_long_text_that_stood_there_before_is_repeated(string text, bool isRepeated) =>
        Assert.Equal(isRepeated, SegmentDoubts.IsRepeated(text, "Once: 123456789 123456789 123456789 123456789 123456789. Then"));

    [Fact]
    public void Bytes_count_not_characters() => Assert.True(SegmentDoubts.IsRepeated(new string('好', 16), new string('好', 20)));

    [Theory]
    [InlineData("Names of the domain: Steno, Qwen, Kaldi.", true)]
    [InlineData("names of the domain steno qwen kaldi", true)]
    [InlineData("Names of the domain: Steno, Qwen, Kaldi. And then he went on to tell of all of them.", false)]
    [InlineData("Steno and Qwen.", false)]
    [InlineData("Steno, Qwen, Kaldi.", false)]
    [InlineData("", false)]
    public void A_text_that_is_mostly_the_prompt_is_an_echo(string text, bool isEcho) =>
        Assert.Equal(isEcho, SegmentDoubts.IsEcho(text, "Names of the domain: Steno, Qwen, Kaldi."));

    [Theory]
    [InlineData('a', 37, 1, false)]
    [InlineData('a', 38, 1, true)]
    [InlineData('a', 262, 10, false)]
    [InlineData('a', 263, 10, true)]
    [InlineData('好', 24, 1, false)]
    [InlineData('好', 25, 1, true)]
    [InlineData('好', 132, 10, false)]
    [InlineData('好', 133, 10, true)]
    [InlineData('a', 12, 0, false)]
    [InlineData('a', 13, 0, true)]
    public void Nobody_says_more_than_so_much(char letter, int count, double seconds, bool isExceeded) =>
        Assert.Equal(isExceeded, SpeechRate.IsExceeded(new string(letter, count), TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Characters_are_those_that_a_reader_sees() =>
        Assert.False(SpeechRate.IsExceeded(string.Concat(Enumerable.Repeat("e\u0301", 30)), TimeSpan.FromSeconds(1)));
}
