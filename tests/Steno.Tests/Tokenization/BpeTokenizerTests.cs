using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Steno.Tokenization;

namespace Steno.Tests.Tokenization;

public sealed class BpeTokenizerTests
{
    private static BpeTokenizer Tiny => TinyTokenizer.Instance;

    [Fact]
    public void The_tiny_tokenizer_agrees_with_the_HuggingFace_tokenizer() =>
        TokenizerCases.AssertExact(Tiny, Repository.PathOf("tests", "data", "tokenizer", "tiny-cases.json"), 176);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void The_tiny_tokenizer_in_its_fast_form_agrees_too(bool isPairs, bool isMergesFirst)
    {
        var json = TinyTokenizer.File("tokenizer.json", TinyTokenizer.ToTokenizerJson(isPairs, isMergesFirst));

        TokenizerCases.AssertExact(
            TokenizerLoader.FromTokenizerJson(json, config: null), Repository.PathOf("tests", "data", "tokenizer", "tiny-cases.json"), 176);
    }

    [Fact]
    public void The_Qwen2_tokenizer_agrees_with_the_HuggingFace_tokenizer()
    {
        string folder = Repository.RequireShared("data", "tokenizer");
        var tokenizer = TokenizerLoader.Load(
            Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"), Path.Combine(folder, "tokenizer_config.json"), tokenizerJsonPath: null);

        Assert.Equal(151706, tokenizer.VocabularySize);
        TokenizerCases.AssertExact(tokenizer, Path.Combine(folder, "cases.json"), 287);
    }

    [Fact]
    public void The_Qwen2_tokenizer_in_its_fast_form_agrees_too()
    {
        string folder = Repository.RequireShared("data", "tokenizer");
        var tokenizer = TokenizerLoader.Load(null, null, null, Path.Combine(folder, "tokenizer.json"));

        Assert.Equal(151706, tokenizer.VocabularySize);
        TokenizerCases.AssertExact(tokenizer, Path.Combine(folder, "cases.json"), 287);
    }

    [Fact]
    public void Without_a_list_of_added_tokens_the_Qwen2_vocabulary_gets_those_of_Qwen3_ASR()
    {
        string folder = Repository.RequireShared("data", "tokenizer");
        string vocab = Path.Combine(folder, "vocab.json");
        string merges = Path.Combine(folder, "merges.txt");
        var minimal = TokenizerLoader.Load(vocab, merges, null, null);

        TokenizerCases.AssertExact(minimal, Path.Combine(folder, "cases.json"), 287);
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "tokenizer_config.json")));
        foreach (var token in config.RootElement.GetProperty("added_tokens_decoder").EnumerateObject())
        {
            Assert.True(minimal.TryGetAddedToken(token.Value.GetProperty("content").GetString()!, out int id));
            Assert.Equal(token.Name, $"{id}");
            Assert.Equal(token.Value.GetProperty("special").GetBoolean(), minimal.IsSpecial(id));
        }
    }

    [Fact]
    public void Added_tokens_are_ordinary_text_where_they_are_not_allowed()
    {
        int[] ids = Tiny.Encode("a<|im_end|>b<asr_text>", allowAddedTokens: false);

        Assert.All(ids, id => Assert.False(Tiny.IsAdded(id)));
        Assert.Equal("a<|im_end|>b<asr_text>", Tiny.Decode(ids, skipSpecial: true));
    }

    [Fact]
    public void Of_added_tokens_at_one_place_the_longest_is_taken()
    {
        var json = TinyTokenizer.ToTokenizerJson(isPairs: false, isMergesFirst: false);
        json["added_tokens"]!.AsArray().Add(JsonSerializer.SerializeToNode(new { id = 1123, content = "<x>", special = false }));
        json["added_tokens"]!.AsArray().Add(JsonSerializer.SerializeToNode(new { id = 1124, content = "<x><y>", special = false }));
        var tokenizer = TokenizerLoader.FromTokenizerJson(TinyTokenizer.File("tokenizer.json", json), config: null);

        Assert.Equal([1124, 1123], tokenizer.Encode("<x><y><x>", allowAddedTokens: true));
    }

    [Fact]
    public void Decoding_leaves_out_special_tokens_only_when_asked_and_never_the_others()
    {
        int[] ids = Tiny.Encode("one<|im_end|><asr_text>two<timestamp>", allowAddedTokens: true);

        Assert.Equal("one<|im_end|><asr_text>two<timestamp>", Tiny.Decode(ids, skipSpecial: false));
        Assert.Equal("one<asr_text>two<timestamp>", Tiny.Decode(ids, skipSpecial: true));
    }

    [Fact]
    public void An_id_that_stands_for_nothing_decodes_to_nothing()
    {
        Assert.Equal(1123, Tiny.VocabularySize);
        Assert.Equal("one", Tiny.Decode([.. Tiny.Encode("one", allowAddedTokens: false), 1123, int.MaxValue], skipSpecial: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiny.Decode([-1], skipSpecial: true));
    }

    // The examples of a string decoder that replaces: what Python's bytes.decode(errors="replace") gives.
    [Theory]
    [InlineData(new byte[] { 0x61, 0xFF, 0x62 }, "a\uFFFDb")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x99, 0x61 }, "\uFFFDa")]
    [InlineData(new byte[] { 0xE4, 0xBD }, "\uFFFD")]
    [InlineData(new byte[] { 0xC0, 0x80 }, "\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\uFFFD\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, "\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x99, 0x82 }, "\U0001F642")]
    public void Bytes_that_are_no_UTF8_are_replaced(byte[] bytes, string expected)
    {
        int[] ids = IdsOf(bytes);

        Assert.Equal(expected, Tiny.Decode(ids, skipSpecial: true));
    }

    [Fact]
    public void Encoding_then_decoding_returns_the_text_in_normal_form()
    {
        var random = new Random(11);
        for (int round = 0; round < 2000; round++)
        {
            var text = new StringBuilder();
            for (int length = random.Next(30); length > 0; length--)
                text.Append(new Rune(random.Next(3) switch { 0 => random.Next(0x20, 0x7F), 1 => random.Next(0xA0, 0xD800), _ => random.Next(0xE000, 0x2FFFF) }));

            string normalized = Nfc.Normalize(text.ToString());
            Assert.Equal(normalized, Tiny.Decode(Tiny.Encode(text.ToString(), allowAddedTokens: true), skipSpecial: false));
        }
    }

    [Fact]
    public void A_long_word_takes_no_quadratic_time()
    {
        string word = string.Concat(Enumerable.Repeat("thequickbrownfox", 6400));
        Tiny.Encode(word[..1000], allowAddedTokens: false);

        var watch = Stopwatch.StartNew();
        int[] ids = Tiny.Encode(word, allowAddedTokens: false);

        // The aim is 100 ms; a quadratic merge of 100 000 symbols would take minutes.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(word, Tiny.Decode(ids, skipSpecial: false));
    }

    [Fact]
    public void Many_threads_may_encode_and_decode_at_once()
    {
        const string Text = "Turn on the light<asr_text> e\u0301 你好 don't";
        int[] expected = Tiny.Encode(Text, allowAddedTokens: true);
        string decoded = Tiny.Decode(expected, skipSpecial: false);

        Parallel.For(0, 2000, _ =>
        {
            Assert.Equal(expected, Tiny.Encode(Text, allowAddedTokens: true));
            Assert.Equal(decoded, Tiny.Decode(expected, skipSpecial: false));
        });
    }

    internal static int[] IdsOf(byte[] bytes) =>
        [.. bytes.Select(value => Enumerable.Range(0, Tiny.VocabularySize).First(id => Tiny.TokenBytes(id).SequenceEqual([value])))];
}
