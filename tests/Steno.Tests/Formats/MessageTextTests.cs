using Steno.Formats;

namespace Steno.Tests.Formats;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("layers.0.weight", "layers.0.weight")]
    [InlineData("ä 哈 😀", "ä 哈 😀")]
    [InlineData("a\nb\u001b[0m\u0085", "a\\u000Ab\\u001B[0m\\u0085")]
    [InlineData("x\u2028y", "x\\u2028y")]
    public void Text_is_shown_without_control_characters(string text, string expected) => Assert.Equal(expected, MessageText.Excerpt(text));

    [Fact]
    public void Unpaired_surrogates_are_shown_by_number()
    {
        Assert.Equal("\\uD800x", MessageText.Excerpt(new string(['\uD800', 'x'])));
        Assert.Equal("x\\uDC00", MessageText.Excerpt(new string(['x', '\uDC00'])));
    }

    [Fact]
    public void Long_text_says_that_it_was_cut()
    {
        Assert.Equal(new string('x', 120), MessageText.Excerpt(new string('x', 120)));
        Assert.Equal(new string('x', 120) + "... (121 characters)", MessageText.Excerpt(new string('x', 121)));
        Assert.Equal("x" + string.Concat(Enumerable.Repeat("😀", 60)) + "... (401 characters)", MessageText.Excerpt("x" + string.Concat(Enumerable.Repeat("😀", 200))));
    }
}
