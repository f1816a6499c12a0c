using System.Text;
using System.Text.Json.Nodes;
using Steno.Tokenization;

namespace Steno.Tests.Tokenization;

public sealed class TokenizerLoaderTests
{
    [Theory]
    [InlineData("<|endoftext|>")]
    [InlineData("<|im_start|>")]
    [InlineData("<|im_end|>")]
    [InlineData("<|audio_start|>")]
    [InlineData("<|audio_pad|>")]
    [InlineData("<|audio_end|>")]
    [InlineData("<asr_text>")]
    public void Rejects_a_tokenizer_without_a_needed_token(string content)
    {
        var config = JsonNode.Parse(TinyTokenizer.Config.Content.Span)!;
        var tokens = config["added_tokens_decoder"]!.AsObject();
        tokens.Remove(tokens.First(token => (string)token.Value!["content"]! == content).Key);

        var fault = Assert.Throws<ModelFormatException>(
            () => TokenizerLoader.FromVocabAndMerges(TinyTokenizer.Vocab, TinyTokenizer.Merges, TinyTokenizer.File("some/tokenizer_config.json", config)));

        Assert.Contains(content, fault.Message, StringComparison.Ordinal);
        Assert.Equal("some/tokenizer_config.json", fault.File);
    }

    [Fact]
    public void The_tiny_tokenizer_has_its_own_ids_for_special_tokens() =>
        Assert.Equal(
            new SpecialTokens { EndOfText = 1115, ImStart = 1116, ImEnd = 1117, AudioStart = 1118, AudioEnd = 1119, AudioPad = 1120, AsrText = 1121 },
            TinyTokenizer.Instance.SpecialTokens);

    [Fact]
    public void Rejects_a_small_vocabulary_that_comes_without_its_added_tokens()
    {
        var fault = Assert.Throws<ModelFormatException>(
            () => TokenizerLoader.FromVocabAndMerges(TinyTokenizer.Vocab, TinyTokenizer.Merges, config: null));

        Assert.Contains("tokenizer_config.json", fault.Expected, StringComparison.Ordinal);
        Assert.Contains("1115 symbols", fault.Found, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(
            () => TokenizerLoader.FromVocabAndMerges(TinyTokenizer.Vocab, TinyTokenizer.Merges, TinyTokenizer.File("c", "{\"errors\":\"replace\"}")));
    }

    [Fact]
    public void Rejects_a_checkpoint_without_tokenizer_files()
    {
        Assert.Throws<ModelFormatException>(() => TokenizerLoader.Load(null, null, null, null));
        Assert.Throws<ModelFormatException>(() => TokenizerLoader.Load(TinyTokenizer.Vocab.Path, null, TinyTokenizer.Config.Path, null));
        Assert.Throws<FileNotFoundException>(() => TokenizerLoader.Load(TinyTokenizer.Vocab.Path, Repository.PathOf("absent.txt"), null, null));
    }

    [Fact]
    public void Files_of_either_form_are_found_by_their_paths()
    {
        using var directory = new TemporaryDirectory();
        string json = directory.PathOf("tokenizer.json");
        File.WriteAllBytes(json, TinyTokenizer.File(json, TinyTokenizer.ToTokenizerJson(isPairs: true, isMergesFirst: false)).Content.Span);
        string vocab = TinyTokenizer.Vocab.Path;
        string merges = TinyTokenizer.Merges.Path;
        string config = TinyTokenizer.Config.Path;

        Assert.Equal(1123, TokenizerLoader.Load(vocab, merges, config, null).VocabularySize);
        Assert.Equal(1123, TokenizerLoader.Load(vocab, merges, config, json).VocabularySize);
        Assert.Equal(1123, TokenizerLoader.Load(vocab, merges, null, json).VocabularySize);
        Assert.Equal(1123, TokenizerLoader.Load(vocab, null, config, json).VocabularySize);
        Assert.Equal(1123, TokenizerLoader.Load(null, null, null, json).VocabularySize);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"!\": 0")]
    [InlineData("{\"!\": 0}")] // 255 bytes are missing
    [InlineData("{\"!\": -1}")]
    [InlineData("{\"!\": 1048576}")]
    [InlineData("{\"!\": 99999999999999999999}")]
    [InlineData("{\"!\": 1.5}")]
    [InlineData("{\"!\": \"0\"}")]
    [InlineData("{\"!\": null}")]
    [InlineData("{\"!\": {}}")]
    [InlineData("{\"!\": 0, \"a\": 0}")]
    [InlineData("{\"!\": 0, \"a\": 2}")]
    [InlineData("{\"!\": 0, \"!\": 1}")]
    [InlineData("{\"\": 0}")]
    [InlineData("{\"a b\": 0}")] // a space is written as U+0120
    [InlineData("{\"\u4F60\": 0}")]
    [InlineData("{\"\\ud800\": 0}")]
    [InlineData("{} {}")]
    public void Rejects_a_vocabulary_that_is_none(string vocab)
    {
        var fault = Assert.Throws<ModelFormatException>(
            () => TokenizerLoader.FromVocabAndMerges(TinyTokenizer.File("v.json", vocab), TinyTokenizer.Merges, TinyTokenizer.Config));

        Assert.StartsWith("v.json: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Rejects_a_vocabulary_that_is_no_UTF8()
    {
        var vocab = new TokenizerFile("v.json", (byte[])[.. "{\""u8, 0xC3, 0x28, .. "\": 0}"u8]);

        Assert.Throws<ModelFormatException>(() => TokenizerLoader.FromVocabAndMerges(vocab, TinyTokenizer.Merges, TinyTokenizer.Config));
    }

    [Fact]
    public void Rejects_a_symbol_of_absurd_length()
    {
        var vocab = TinyTokenizer.File("v.json", $"{{\"{new string('a', VocabularyReader.MaxSymbolBytes + 1)}\": 0}}");

        Assert.Throws<ModelFormatException>(() => TokenizerLoader.FromVocabAndMerges(vocab, TinyTokenizer.Merges, TinyTokenizer.Config));
    }

    [Theory]
    [InlineData("i", "line 2 ")]
    [InlineData("i n x", "line 2 ")]
    [InlineData("i  n", "line 2 ")]
    [InlineData(" n", "line 2 ")]
    [InlineData("i ", "line 2 ")]
    [InlineData("i qqqq", "line 2 ")]
    [InlineData("\u4F60 n", "line 2 ")]
    [InlineData("q \u0142", "line 2 ")] // both are symbols, their merge is not
    [InlineData("i n\ni n", "line 3 ")]
    [InlineData("# comment", "line 2 ")]
    public void Rejects_merges_that_are_none(string lines, string place)
    {
        var merges = TinyTokenizer.File("m.txt", "#version: 0.2\n" + lines + "\n");

        var fault = Assert.Throws<ModelFormatException>(() => TokenizerLoader.FromVocabAndMerges(TinyTokenizer.Vocab, merges, TinyTokenizer.Config));

        Assert.StartsWith("m.txt: " + place, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_header_of_the_merges_is_a_comment_and_line_ends_may_be_CR_LF()
    {
        var vocab = JsonNode.Parse(TinyTokenizer.Vocab.Content.Span)!.AsObject();
        vocab["##"] = 1115;
        var config = Encoding.UTF8.GetString(TinyTokenizer.Config.Content.Span);
        for (int id = 1122; id >= 1115; id--)
            config = config.Replace($"\"{id}\"", $"\"{id + 1}\"", StringComparison.Ordinal);

        var tokenizer = TokenizerLoader.FromVocabAndMerges(
            TinyTokenizer.File("v.json", vocab), TinyTokenizer.File("m.txt", "#version: 0.2\r\n# #\r\n" + TinyMerges.ReplaceLineEndings("\r\n")), TinyTokenizer.File("c.json", config));

        Assert.Equal([1115, 1115], tokenizer.Encode("####", allowAddedTokens: false));
        Assert.Single(tokenizer.Encode("in", allowAddedTokens: false));
    }

    [Theory]
    [InlineData("{\"added_tokens_decoder\": []}")]
    [InlineData("{\"added_tokens_decoder\": {\"x\": {}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"-1\": {\"content\": \"a\"}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"9999999999\": {\"content\": \"a\"}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"1048576\": {\"content\": \"a\"}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"1123\": {\"special\": true}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"1123\": {\"content\": \"\"}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"1123\": {\"content\": 7}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"1123\": {\"content\": \"a\", \"special\": \"yes\"}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"1123\": {\"content\": \"a\", \"lstrip\": true}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"1123\": {\"content\": \"a\"}, \"1123\": {\"content\": \"b\"}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"1123\": {\"content\": \"a\"}, \"1124\": {\"content\": \"a\"}}}")]
    [InlineData("{\"added_tokens_decoder\": {\"3\": {\"content\": \"<asr_text>\"}}}")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Rejects_a_list_of_added_tokens_that_is_none(string config)
    {
        var fault = Assert.Throws<ModelFormatException>(
            () => TokenizerLoader.FromVocabAndMerges(TinyTokenizer.Vocab, TinyTokenizer.Merges, TinyTokenizer.File("c.json", config)));

        Assert.StartsWith("c.json: ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type", "\"Unigram\"")]
    [InlineData("type", "null")]
    [InlineData("byte_fallback", "true")]
    [InlineData("ignore_merges", "true")]
    [InlineData("continuing_subword_prefix", "\"##\"")]
    [InlineData("end_of_word_suffix", "\"</w>\"")]
    [InlineData("vocab", "[]")]
    [InlineData("merges", "{}")]
    [InlineData("merges", "[7]")]
    [InlineData("merges", "[[]]")]
    [InlineData("merges", "[[\"i\"]]")]
    [InlineData("merges", "[[\"i\", \"n\", \"x\"]]")]
    [InlineData("merges", "[[\"i\", 7]]")]
    [InlineData("merges", "[\"in\"]")]
    public void Rejects_a_tokenizer_json_of_another_kind(string setting, string value)
    {
        var json = TinyTokenizer.ToTokenizerJson(isPairs: false, isMergesFirst: false);
        json["model"]![setting] = JsonNode.Parse(value);

        var fault = Assert.Throws<ModelFormatException>(() => TokenizerLoader.FromTokenizerJson(TinyTokenizer.File("t.json", json), config: null));

        Assert.StartsWith("t.json: ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"model\": null}")]
    [InlineData("{\"model\": {}}")]
    [InlineData("{\"model\": {\"type\": \"BPE\", \"vocab\": {}, \"merges\": []}}")]
    [InlineData("{\"added_tokens\": {}}")]
    public void Rejects_a_tokenizer_json_without_its_parts(string json) =>
        Assert.Throws<ModelFormatException>(() => TokenizerLoader.FromTokenizerJson(TinyTokenizer.File("t.json", json), config: null));

    [Fact]
    public void Rejects_JSON_that_is_nested_without_end()
    {
        string nested = "{\"x\":" + new string('[', 1 << 20);

        Assert.Throws<ModelFormatException>(() => TokenizerLoader.FromTokenizerJson(TinyTokenizer.File("t.json", nested), config: null));
        Assert.Throws<ModelFormatException>(
            () => TokenizerLoader.FromVocabAndMerges(TinyTokenizer.Vocab, TinyTokenizer.Merges, TinyTokenizer.File("c.json", nested)));
    }

    [Fact]
    public void Rejects_a_file_that_is_too_large_for_a_tokenizer()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("vocab.json");
        using (var file = File.Create(path)) file.SetLength(TokenizerFile.MaxBytes + 1L);

        Assert.Throws<ModelFormatException>(() => TokenizerFile.Read(path));
    }

    [Fact]
    public void Every_truncation_of_a_file_is_rejected()
    {
        TokenizerFile[] files = [TinyTokenizer.Vocab, TinyTokenizer.Merges, TinyTokenizer.Config];
        foreach (int which in new[] { 0, 1, 2 })
        {
            TokenizerFile whole = files[which];
            int solid = whole.Content.Span.TrimEnd(" \n"u8).Length;
            for (int length = 0; length < solid; length += 37)
            {
                TokenizerFile[] cut = [.. files];
                cut[which] = whole with { Content = whole.Content[..length] };
                Assert.Throws<ModelFormatException>(() => TokenizerLoader.FromVocabAndMerges(cut[0], cut[1], cut[2]));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(400)]
    [InlineData(-1)]
    public void Merges_of_which_whole_lines_are_missing_are_rejected_with_the_first_symbol_that_none_makes(int keptCount)
    {
        string[] lines = TinyMerges.TrimEnd('\n').Split('\n');
        string[] kept = lines[..(keptCount < 0 ? lines.Length + keptCount : keptCount)];
        var json = TinyTokenizer.ToTokenizerJson(isPairs: true, isMergesFirst: false);
        json["model"]!["merges"] = new JsonArray([.. kept.Select(line => JsonValue.Create(line))]);

        var slow = Assert.Throws<ModelFormatException>(
            () => TokenizerLoader.FromVocabAndMerges(TinyTokenizer.Vocab, TinyTokenizer.File("m.txt", "#version: 0.2\n" + string.Join('\n', kept)), TinyTokenizer.Config));
        var fast = Assert.Throws<ModelFormatException>(() => TokenizerLoader.FromTokenizerJson(TinyTokenizer.File("t.json", json), config: null));

        Assert.StartsWith("m.txt: merges are missing: the list is cut short, or goes with another vocabulary; expected one that makes '", slow.Message, StringComparison.Ordinal);
        Assert.EndsWith($"found {kept.Length} merges, and none for {lines.Length - kept.Length} symbols.", slow.Message, StringComparison.Ordinal);
        Assert.Equal((slow.Expected, slow.Found), (fast.Expected, fast.Found));
    }

    [Fact]
    public void A_symbol_that_no_merge_makes_may_be_an_added_token()
    {
        var json = TinyTokenizer.ToTokenizerJson(isPairs: false, isMergesFirst: false);
        var vocab = json["model"]!["vocab"]!.AsObject();
        foreach (JsonNode? token in json["added_tokens"]!.AsArray()) vocab[(string)token!["content"]!] = (int)token["id"]!;

        Assert.Equal(TinyTokenizer.Instance.VocabularySize, TokenizerLoader.FromTokenizerJson(TinyTokenizer.File("t.json", json), config: null).VocabularySize);
    }

    [Fact]
    public void Five_thousand_mutants_are_loaded_or_rejected()
    {
        TokenizerFile[] files =
        [
            TinyTokenizer.Vocab,
            TinyTokenizer.Merges,
            TinyTokenizer.Config,
            TinyTokenizer.File("t.json", TinyTokenizer.ToTokenizerJson(isPairs: false, isMergesFirst: false)),
            TinyTokenizer.File("t.json", TinyTokenizer.ToTokenizerJson(isPairs: true, isMergesFirst: true)),
        ];
        var random = new Random(2025);
        int loaded = 0;
        for (int round = 0; round < 5000; round++)
        {
            var mutants = files.ToArray();
            int which = random.Next(mutants.Length);
            mutants[which] = mutants[which] with { Content = Mutate(mutants[which].Content.ToArray(), random) };

            bool isLoaded = which < 3
                ? LoadOrReject(mutants[0], mutants[1], mutants[2])
                : LoadOrReject(() => TokenizerLoader.FromTokenizerJson(mutants[which], config: null));
            if (isLoaded) loaded++;
        }

        // Both outcomes must be common, or the mutants test nothing.
        Assert.InRange(loaded, 200, 4800);
    }

    private static string TinyMerges => Encoding.UTF8.GetString(TinyTokenizer.Merges.Content.Span).Split('\n', 2)[1];

    private static byte[] Mutate(byte[] content, Random random)
    {
        ReadOnlySpan<byte> alphabet = "{}[]\",:0123456789.-eE \n\\u#ain\xC4\xA0"u8;
        var mutant = content.ToList();
        for (int count = random.Next(3) == 0 ? 3 : 1; count > 0; count--)
        {
            int place = random.Next(mutant.Count);
            int length = Math.Min(random.Next(1, random.Next(3) > 0 ? 3 : 200), mutant.Count - place);
            switch (random.Next(5))
            {
                case 0:
                    mutant[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutant[place] = alphabet[random.Next(alphabet.Length)];
                    break;
                case 2:
                    mutant.RemoveRange(place, length);
                    break;
                case 3:
                    mutant.InsertRange(random.Next(mutant.Count), mutant.GetRange(place, length));
                    break;
                default:
                    mutant.Insert(place, (byte)random.Next(256));
                    break;
            }

            if (mutant.Count == 0) break;
        }

        return [.. mutant];
    }

    private static bool LoadOrReject(TokenizerFile vocab, TokenizerFile merges, TokenizerFile config) =>
        LoadOrReject(() => TokenizerLoader.FromVocabAndMerges(vocab, merges, config));

    private static bool LoadOrReject(Func<BpeTokenizer> load)
    {
        try
        {
            var tokenizer = load();
            const string Text = "Turn on the light, 'ünïcode' 你好 <asr_text>!\n";
            Assert.Equal(Text, tokenizer.Decode(tokenizer.Encode(Text, allowAddedTokens: true), skipSpecial: false));
            return true;
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }
}
