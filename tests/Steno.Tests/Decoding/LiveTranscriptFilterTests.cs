using System.Text;
using Steno.Decoding;
using Steno.Tests.Tokenization;
using Steno.Tokenization;

namespace Steno.Tests.Decoding;

public sealed class LiveTranscriptFilterTests
{
    private static BpeTokenizer Tiny => TinyTokenizer.Instance;

    [Fact]
    public void The_header_is_withheld_and_text_comes_at_once_without_white_space_at_its_ends()
    {
        var filter = new LiveTranscriptFilter(Tiny, isLanguageForced: false);

        Assert.All(Ids("language English<asr_text> "), id => Assert.Equal("", filter.Push(id)));
        Assert.Equal(0 + Ids(" ").Length, filter.TextTokenCount);
        Assert.Equal(["O"], Ids("O").Select(filter.Push));
        Assert.Equal(["n", "e"], BpeTokenizerTests.IdsOf("ne"u8.ToArray()).Select(filter.Push));
        Assert.Equal([""], Ids("\n").Select(filter.Push));
        Assert.Equal(["\n."], Ids(".").Select(filter.Push));
        Assert.Equal([""], Ids(" ").Select(filter.Push));
        Assert.Equal("", filter.Push(Tiny.SpecialTokens.ImEnd));
        Assert.Equal("", filter.Finish());
        Assert.Equal(7, filter.TextTokenCount);
    }

    [Fact]
    public void Without_a_header_the_whole_output_comes_at_the_end()
    {
        var filter = new LiveTranscriptFilter(Tiny, isLanguageForced: false);

        Assert.All(Ids(" language English one "), id => Assert.Equal("", filter.Push(id)));
        Assert.Equal("language English one", filter.Finish());
        Assert.Equal(Ids(" language English one ").Length, filter.TextTokenCount);
    }

    [Fact]
    public void A_forced_language_leaves_no_header_to_wait_for()
    {
        var filter = new LiveTranscriptFilter(Tiny, isLanguageForced: true);

        Assert.Equal("one<asr_text>", string.Concat(Ids("one<asr_text>").Select(filter.Push)));
        Assert.Equal("", filter.Finish());
    }

    [Fact]
    public void Text_after_a_header_without_language_is_text_all_the_same() =>
        Assert.Equal("noise", Run(Ids("language None<asr_text>noise"), forced: null));

    [Fact]
    public void Nothing_can_follow_the_end()
    {
        var filter = new LiveTranscriptFilter(Tiny, isLanguageForced: true);
        filter.Finish();

        Assert.Throws<ObjectDisposedException>(() => filter.Push(1));
        Assert.Throws<ObjectDisposedException>(() => filter.Finish());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("English")]
    public void All_pieces_joined_are_the_parsed_text(string? forced)
    {
        string[] pool =
        [
            "language English", "language None", "<asr_text>", "<asr_text>", "<|im_end|>", "<timestamp>", " ", "\n", "  ", "\u3000", "\u001C", "one", " two", "你", "🙂", "é", "<", "asr",
            "_text>", "language", "LANGUAGE none\n", ".",
        ];
        int[] broken = BpeTokenizerTests.IdsOf([0xFF, 0xE4, 0xBD, 0xF0, 0x9F]);
        var random = new Random(17);
        int withText = 0;
        for (int round = 0; round < 5000; round++)
        {
            var ids = new List<int>();
            for (int length = random.Next(14); length > 0; length--)
            {
                string text = pool[random.Next(pool.Length)];
                int choice = random.Next(10);
                if (choice == 0)
                    ids.Add(broken[random.Next(broken.Length)]);
                else if (choice == 1)
                    ids.AddRange(BpeTokenizerTests.IdsOf(Encoding.UTF8.GetBytes(text)));
                else
                    ids.AddRange(Ids(text));
            }

            var parsed = TranscriptParser.Parse(Tiny.Decode([.. ids], skipSpecial: true), forced);
            if (parsed.IsRepetitionCollapsed) continue;

            Assert.Equal(parsed.Text, Run([.. ids], forced));
            if (parsed.Text.Length > 0) withText++;
        }

        Assert.InRange(withText, 3000, 5000);
    }

    private static int[] Ids(string text) => Tiny.Encode(text, allowAddedTokens: true);

    private static string Run(int[] ids, string? forced)
    {
        var filter = new LiveTranscriptFilter(Tiny, forced is not null);
        return string.Concat([.. ids.Select(filter.Push), filter.Finish()]);
    }
}
