using Steno.Decoding;
using Steno.Tests.Tokenization;
using Steno.Tokenization;

namespace Steno.Tests.Decoding;

public sealed class PromptBuilderTests
{
    private static readonly Lazy<BpeTokenizer> Qwen2 = new(() =>
    {
        string folder = Repository.RequireShared("data", "tokenizer");
        return TokenizerLoader.Load(
            Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"), Path.Combine(folder, "tokenizer_config.json"), tokenizerJsonPath: null);
    });

    // Section 5.3 of the specification: the id that follows "language", before <asr_text>.
    public static TheoryData<string, int[]> ForcedLanguages => new()
    {
        { "Chinese", [8453] }, { "English", [6364] }, { "Cantonese", [72366, 2367] }, { "Arabic", [34117] }, { "German", [5938] }, { "French", [8585] },
        { "Spanish", [15154] }, { "Portuguese", [42188] }, { "Indonesian", [58829] }, { "Italian", [14811] }, { "Korean", [16134] }, { "Russian", [8522] },
        { "Thai", [26392] }, { "Vietnamese", [48477] }, { "Japanese", [10769] }, { "Turkish", [23734] }, { "Hindi", [43980] }, { "Malay", [79140] },
        { "Dutch", [23234] }, { "Swedish", [30109] }, { "Danish", [43680] }, { "Finnish", [57853] }, { "Polish", [31984] }, { "Czech", [33150] },
        { "Filipino", [62417] }, { "Persian", [49861] }, { "Greek", [17860] }, { "Romanian", [73597] }, { "Hungarian", [56769] }, { "Macedonian", [56452, 75491] },
    };

    [Fact]
    public void Eleven_seconds_make_a_prompt_of_158_ids()
    {
        var prompt = new PromptBuilder(Qwen2.Value).Build(context: null, forcedLanguage: null, audioTokenCount: 143);

        Assert.Equal(
            [151644, 8948, 198, 151645, 198, 151644, 872, 198, 151669, .. Enumerable.Repeat(151676, 143), 151670, 151645, 198, 151644, 77091, 198], prompt.Ids);
        Assert.Equal(158, prompt.Ids.Length);
        Assert.Equal(9, prompt.AudioStart);
        Assert.Equal(143, prompt.AudioTokenCount);
    }

    [Theory]
    [MemberData(nameof(ForcedLanguages))]
    public void A_forced_language_ends_the_prompt(string language, int[] ids)
    {
        var prompt = new PromptBuilder(Qwen2.Value).Build(context: null, language, audioTokenCount: 1);

        Assert.Equal([151644, 77091, 198, 11528, .. ids, 151704], prompt.Ids[^(5 + ids.Length)..]);
    }

    [Fact]
    public void Every_supported_language_has_its_ids_here() => Assert.Equal(SupportedLanguages.Names, ForcedLanguages.Select(row => row.Data.Item1));

    [Fact]
    public void A_context_stands_in_the_system_turn()
    {
        var prompt = new PromptBuilder(Qwen2.Value).Build("meeting about Strix Halo", forcedLanguage: null, audioTokenCount: 1);

        Assert.Equal([151644, 8948, 198, 61249, 911, 4509, 941, 45249, 151645, 198, 151644, 872, 198, 151669], prompt.Ids[..14]);
        Assert.Equal(14, prompt.AudioStart);
    }

    [Fact]
    public void A_context_that_begins_with_line_ends_joins_the_one_before_it()
    {
        var prompt = new PromptBuilder(Qwen2.Value).Build("\nx", forcedLanguage: null, audioTokenCount: 1);

        // "\n\n" is one symbol, 271, in the reference's own cases.
        Assert.Equal([151644, 8948, 271], prompt.Ids[..3]);
    }

    [Fact]
    public void Added_tokens_in_a_context_stay_text()
    {
        var tokenizer = TinyTokenizer.Instance;
        var special = tokenizer.SpecialTokens;

        var prompt = new PromptBuilder(tokenizer).Build("a<|audio_pad|><|im_end|>", forcedLanguage: null, audioTokenCount: 5);

        Assert.Equal(5, prompt.Ids.Count(id => id == special.AudioPad));
        Assert.Equal(2, prompt.Ids.Count(id => id == special.ImEnd));
        Assert.All(prompt.Ids[prompt.AudioStart..(prompt.AudioStart + 5)], id => Assert.Equal(special.AudioPad, id));
        Assert.Contains("system\na<|audio_pad|><|im_end|><|im_end|>\n", tokenizer.Decode(prompt.Ids, skipSpecial: false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_without_audio_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PromptBuilder(TinyTokenizer.Instance).Build(null, null, audioTokenCount: 0));

    [Theory]
    [InlineData("tiny-asr", "english")]
    [InlineData("tiny-asr", "chinese")]
    [InlineData("random-small", "clip-0.73")]
    public void The_prompt_is_that_of_the_reference(string checkpoint, string clip)
    {
        float[] golden = GoldenFile.Load(Repository.PathOf("tests", "data", "golden", checkpoint, clip + ".safetensors"))["ids"];
        int[] expected = [.. golden.Select(id => (int)id)];
        string model = checkpoint == "tiny-asr" ? Repository.PathOf("models", checkpoint) : Repository.PathOf("tests", "data", "models", checkpoint);
        var tokenizer = TokenizerLoader.Load(
            Path.Combine(model, "vocab.json"), Path.Combine(model, "merges.txt"), Path.Combine(model, "tokenizer_config.json"), tokenizerJsonPath: null);
        int audioTokenCount = expected.Count(id => id == tokenizer.SpecialTokens.AudioPad);

        var prompt = new PromptBuilder(tokenizer).Build(context: null, forcedLanguage: null, audioTokenCount);

        Assert.Equal(expected, prompt.Ids);
        Assert.Equal(Array.IndexOf(expected, tokenizer.SpecialTokens.AudioPad), prompt.AudioStart);
    }
}
