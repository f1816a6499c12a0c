using System.Text;
using Steno.Tokenization;

namespace Steno.Tests.Tokenization;

public sealed class StreamingDetokenizerTests
{
    private static BpeTokenizer Tiny => TinyTokenizer.Instance;

    [Fact]
    public void A_character_comes_out_whole_with_its_last_byte()
    {
        int[] ids = BpeTokenizerTests.IdsOf(Encoding.UTF8.GetBytes("é你🙂"));
        var detokenizer = new StreamingDetokenizer(Tiny, skipSpecial: true);

        Assert.Equal(["", "é", "", "", "你", "", "", "", "🙂"], ids.Select(detokenizer.Push));
        Assert.Equal("", detokenizer.Flush());
    }

    [Fact]
    public void What_cannot_become_a_character_is_replaced_at_once_and_an_unfinished_end_by_Flush()
    {
        var detokenizer = new StreamingDetokenizer(Tiny, skipSpecial: true);

        Assert.Equal(["", "\uFFFDa", "\uFFFD", "", ""], BpeTokenizerTests.IdsOf([0xE4, 0x61, 0xFF, 0xF0, 0x9F]).Select(detokenizer.Push));
        Assert.Equal("\uFFFD", detokenizer.Flush());
        Assert.Equal("", detokenizer.Flush());
    }

    [Fact]
    public void Special_tokens_are_left_out_only_when_asked()
    {
        int end = Tiny.SpecialTokens.ImEnd;

        Assert.Equal("", new StreamingDetokenizer(Tiny, skipSpecial: true).Push(end));
        Assert.Equal("<|im_end|>", new StreamingDetokenizer(Tiny, skipSpecial: false).Push(end));
        Assert.Equal("<asr_text>", new StreamingDetokenizer(Tiny, skipSpecial: true).Push(Tiny.SpecialTokens.AsrText));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void All_pieces_joined_are_what_decoding_at_once_gives(bool skipSpecial)
    {
        // Half of the ids are single bytes from 0x80, so that broken and whole characters are both common.
        int[] highBytes = BpeTokenizerTests.IdsOf([.. Enumerable.Range(0x80, 0x80).Select(value => (byte)value)]);
        int[] smile = BpeTokenizerTests.IdsOf(Encoding.UTF8.GetBytes("🙂"));
        var random = new Random(3);
        for (int round = 0; round < 5000; round++)
        {
            var ids = new List<int>();
            for (int length = random.Next(40); length > 0; length--)
            {
                if (random.Next(8) == 0)
                    ids.AddRange(smile.AsSpan(0, random.Next(1, 5)));
                else
                    ids.Add(random.Next(2) == 0 ? highBytes[random.Next(highBytes.Length)] : random.Next(Tiny.VocabularySize + 4));
            }

            var detokenizer = new StreamingDetokenizer(Tiny, skipSpecial);
            string[] pieces = [.. ids.Select(detokenizer.Push), detokenizer.Flush()];

            Assert.Equal(Tiny.Decode([.. ids], skipSpecial), string.Concat(pieces));
            Assert.All(pieces, piece => Assert.False(piece.Length > 0 && (char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1]))));
        }
    }
}
