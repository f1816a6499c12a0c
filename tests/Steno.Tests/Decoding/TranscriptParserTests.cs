using Steno.Decoding;

namespace Steno.Tests.Decoding;

public sealed class TranscriptParserTests
{
    // Appendix A of the specification: outputs run through the reference's parser.
    [Theory]
    [InlineData("language English<asr_text>Hello.", null, "English", "Hello.")]
    [InlineData("language None<asr_text>", null, "", "")]
    [InlineData("language None<asr_text>x", null, "", "x")]
    [InlineData("hello", null, "", "hello")]
    [InlineData("language English<asr_text>Hello.", "English", "English", "language English<asr_text>Hello.")]
    [InlineData("language cHINESE\nfoo\n<asr_text> hi \n", null, "Chinese", "hi")]
    [InlineData("language <asr_text>hi", null, "", "hi")]
    [InlineData("LANGUAGE french<asr_text>bonjour<asr_text>x", null, "French", "bonjour<asr_text>x")]
    [InlineData("language", null, "", "language")]
    [InlineData("<asr_text>abc", null, "", "abc")]
    [InlineData("foo language English<asr_text>abc", null, "", "abc")]
    [InlineData("language English,Chinese<asr_text>x", null, "English,chinese", "x")]
    public void Outputs_are_taken_apart_as_in_the_reference(string raw, string? forced, string language, string text) =>
        Assert.Equal(new ParsedTranscript(language, text, IsRepetitionCollapsed: false), TranscriptParser.Parse(raw, forced));

    // From the rules: nothing at all, forced and not; the first line that names a language counts; "none" anywhere in the header.
    [Theory]
    [InlineData("", null, "", "")]
    [InlineData(" \n\t", null, "", "")]
    [InlineData(" \n\t", "English", "", "")]
    [InlineData("  hi \n", "German", "German", "hi")]
    [InlineData("foo\r\n  language german \nlanguage french<asr_text>x", null, "German", "x")]
    [InlineData("foo\u2028language german<asr_text>x", null, "German", "x")]
    [InlineData("language English language NONE<asr_text>", null, "", "")]
    [InlineData("language English<asr_text>language None", null, "English", "language None")]
    [InlineData("\u001C\u3000language English<asr_text>\u001F hi\u0085\u001D", null, "English", "hi")]
    [InlineData("language English<asr_text>\u200Bhi\uFEFF", null, "English", "\u200Bhi\uFEFF")]
    public void Edges_follow_the_rules(string raw, string? forced, string language, string text) =>
        Assert.Equal(new ParsedTranscript(language, text, IsRepetitionCollapsed: false), TranscriptParser.Parse(raw, forced));

    [Fact]
    public void A_collapsed_repetition_is_reported()
    {
        string raw = "language English<asr_text>" + string.Concat(Enumerable.Repeat("no. ", 30)) + "end";

        Assert.Equal(new ParsedTranscript("English", "no. end", IsRepetitionCollapsed: true), TranscriptParser.Parse(raw, null));
        Assert.Equal(new ParsedTranscript("English", "a", IsRepetitionCollapsed: true), TranscriptParser.Parse(new string('a', 21), "English"));
    }

    // What Python 3.13 gives for [chr(c) for c in range(0x110000) if not chr(c).strip()].
    [Fact]
    public void White_space_is_what_Python_strips()
    {
        char[] expected =
        [
            '\t', '\n', '\v', '\f', '\r', '\u001C', '\u001D', '\u001E', '\u001F', ' ', '\u0085', '\u00A0', '\u1680', '\u2000', '\u2001', '\u2002', '\u2003',
            '\u2004', '\u2005', '\u2006', '\u2007', '\u2008', '\u2009', '\u200A', '\u2028', '\u2029', '\u202F', '\u205F', '\u3000',
        ];

        Assert.Equal(expected, Enumerable.Range(0, 0x10000).Select(value => (char)value).Where(PythonWhitespace.Contains));
    }
}
