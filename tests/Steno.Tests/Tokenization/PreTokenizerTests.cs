using System.Text.Json;
using Steno.Tokenization;

namespace Steno.Tests.Tokenization;

public sealed class PreTokenizerTests
{
    [Fact]
    public void Texts_are_cut_as_Oniguruma_cuts_them()
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "data", "tokenizer", "pre-token-cases.json")));
        Assert.Equal(353, cases.RootElement.GetArrayLength());
        foreach (var item in cases.RootElement.EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            string?[] expected = [.. item.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString())];

            Assert.Equal(expected, Cut(text));
        }
    }

    [Fact]
    public void A_lone_surrogate_is_neither_letter_number_nor_space() => Assert.Equal(["a", "\uD800!", " \uDC00", "b"], Cut("a\uD800! \uDC00b"));

    [Fact]
    public void The_pieces_of_any_text_make_up_the_text()
    {
        var random = new Random(7);
        for (int round = 0; round < 2000; round++)
        {
            char[] text = new char[random.Next(40)];
            for (int i = 0; i < text.Length; i++) text[i] = (char)(random.Next(2) == 0 ? random.Next(0x80) : random.Next(0x10000));

            Assert.Equal(new string(text), string.Concat(Cut(new string(text))));
        }
    }

    private static List<string> Cut(string text)
    {
        var pieces = new List<string>();
        for (int start = 0; start < text.Length; start += pieces[^1].Length)
            pieces.Add(text.Substring(start, PreTokenizer.LengthOfFirst(text.AsSpan(start))));
        return pieces;
    }
}
