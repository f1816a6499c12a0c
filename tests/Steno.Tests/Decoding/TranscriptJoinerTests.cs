using Steno.Decoding;

namespace Steno.Tests.Decoding;

public sealed class TranscriptJoinerTests
{
    [Theory]
    [InlineData("One.", "Two.")]
    [InlineData("end", "next")]
    [InlineData("안녕", "세계")] // Korean has spaces
    [InlineData("fin.", "¿Qué?")]
    [InlineData("said", "(quietly)")]
    [InlineData("said", "“No.”")]
    [InlineData("costs", "$5")]
    [InlineData("x", "𐐀")]
    [InlineData("हिन्दी।", "नमस्ते")]
    [InlineData("سلام", "دنیا")]
    public void A_space_stands_between_texts_of_spaced_scripts(string left, string right) => Assert.Equal(left + " " + right, TranscriptJoiner.Join([left, right]));

    [Theory]
    [InlineData("", "a")]
    [InlineData("a", "")]
    [InlineData("a ", "b")]
    [InlineData("a", "\u3000b")]
    [InlineData("a", "\nb")]
    [InlineData("a", ", b")]
    [InlineData("a", "!")]
    [InlineData("a", "- b")]
    [InlineData("a", "”")]
    [InlineData("你好。", "世界")]
    [InlineData("你好", "world")]
    [InlineData("hello", "世界")]
    [InlineData("ひらがな", "カタカナ")]
    [InlineData("ｶﾅ", "kana")]
    [InlineData("สวัสดี", "ชาวโลก")]
    [InlineData("ສະບາຍດີ", "ໂລກ")]
    [InlineData("សួស្តី", "ពិភពលោក")]
    [InlineData("မင်္ဂလာပါ", "ကမ္ဘာ")]
    [InlineData("𠀀", "𪛟")]
    [InlineData("ok", "！")]
    public void No_space_stands_beside_white_space_or_unspaced_scripts_or_before_punctuation(string left, string right) =>
        Assert.Equal(left + right, TranscriptJoiner.Join([left, right]));

    [Fact]
    public void Empty_texts_do_not_count() => Assert.Equal("One. Two.", TranscriptJoiner.Join(["", "One.", "", "", "Two.", ""]));

    [Fact]
    public void Nothing_joins_to_nothing() => Assert.Equal("", TranscriptJoiner.Join([]));
}
