using Steno.Comparison;

namespace Steno.Tests.Comparison;

public sealed class TextDistanceTests
{
    [Theory]
    [InlineData("Stop the music, please!", "stop|the|music|please")]
    [InlineData("Enciende la MÚSICA.", "enciende|la|música")]
    [InlineData("打开 the 灯。", "打|开|the|灯")]
    [InlineData("3 cats and 12:30", "3|cats|and|12|30")]
    [InlineData(" ... ", "")]
    public void A_text_is_words_without_case_and_marks(string text, string words)
    {
        Assert.Equal(words, string.Join('|', TextDistance.Words(text)));
    }

    [Theory]
    [InlineData("a b c", "a b c", 0)]
    [InlineData("a b c", "a x c", 1)]
    [InlineData("a b c", "b c", 1)]
    [InlineData("a b c", "a b c d e", 2)]
    [InlineData("", "a b", 2)]
    [InlineData("kitten sitting on", "sitting on kitten", 2)]
    public void Edits_are_the_fewest_words_to_change_add_or_leave_out(string from, string to, int edits)
    {
        Assert.Equal(edits, TextDistance.Edits(TextDistance.Words(from), TextDistance.Words(to)));
        Assert.Equal(edits, TextDistance.Edits(TextDistance.Words(to), TextDistance.Words(from)));
    }
}
