namespace Steno.Tests.Write;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two\r\nlines\n", "two lines")]
    [InlineData("red \u001b[31mtext", "red \ufffd[31mtext")]
    [InlineData("Füße 音乐", "Füße 音乐")]
    public void A_message_becomes_one_printable_line(string message, string expected) => Assert.Equal(expected, OneLine.Of(message));
}
