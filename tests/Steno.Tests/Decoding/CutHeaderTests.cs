using Steno.Decoding;
using Steno.Tests.Tokenization;

namespace Steno.Tests.Decoding;

/// <summary>Outputs that a limit ended within their header.</summary>
public sealed class CutHeaderTests
{
    [Theory]
    [InlineData("language", "")]
    [InlineData("language ", "")]
    [InlineData("Language Engl", "")]
    [InlineData("language English", "")]
    [InlineData("language English,Chin", "")]
    [InlineData("language None", "")]
    [InlineData("language English<asr_te", "")]
    [InlineData("language English<asr_text>", "")]
    [InlineData("language English<asr_text>On", "On")]
    [InlineData("languages", "languages")]
    [InlineData("lang", "lang")]
    [InlineData("language is a tool.", "language is a tool.")]
    [InlineData("The language English", "The language English")]
    public void A_header_that_was_cut_off_is_no_text(string raw, string text)
    {
        Assert.Equal(text, TranscriptParser.Parse(raw, forcedLanguage: null, isTruncated: true).Text);

        var filter = new LiveTranscriptFilter(TinyTokenizer.Instance, isLanguageForced: false);
        int[] ids = TinyTokenizer.Instance.Encode(raw, allowAddedTokens: true);
        Assert.Equal(text, string.Concat([.. ids.Select(filter.Push), filter.Finish(isTruncated: true)]));
        Assert.Equal(text.Length == 0, filter.TextTokenCount == 0);
    }

    [Fact]
    public void With_a_language_that_was_named_there_is_no_header_to_cut() =>
        Assert.Equal("language", TranscriptParser.Parse("language", "English", isTruncated: true).Text);
}
