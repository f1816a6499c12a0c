using System.Text;
using Steno.Tests.Tokenization;
using Steno.Tokenization;
using Steno.Verification;

namespace Steno.Tests.Verification;

public sealed class SymbolCheckTests
{
    [Fact]
    public void Every_symbol_of_a_sound_tokenizer_is_itself()
    {
        VerificationCheck check = SymbolCheck.Run(TinyTokenizer.Instance);

        Assert.True(check.IsOk, check.Found);
        Assert.Matches("^[0-9]{3,} symbols are themselves$", check.Found);
    }

    [Fact]
    public void Every_symbol_of_the_tokenizer_of_Qwen2_is_itself()
    {
        string directory = Repository.RequireShared("data", "tokenizer");
        BpeTokenizer tokenizer = TokenizerLoader.Load(Path.Combine(directory, "vocab.json"), Path.Combine(directory, "merges.txt"), Path.Combine(directory, "tokenizer_config.json"), null);

        VerificationCheck check = SymbolCheck.Run(tokenizer);

        Assert.True(check.IsOk, check.Found);
    }

    [Fact]
    public void Merges_in_another_order_make_other_symbols()
    {
        string[] lines = Encoding.UTF8.GetString(TinyTokenizer.Merges.Content.Span).TrimEnd('\n').Split('\n');
        Array.Reverse(lines, 1, lines.Length - 1);

        VerificationCheck check = SymbolCheck.Run(TokenizerLoader.FromVocabAndMerges(TinyTokenizer.Vocab, TinyTokenizer.File("m.txt", string.Join('\n', lines)), TinyTokenizer.Config));

        Assert.False(check.IsOk);
        Assert.Matches("^[0-9]+ of [0-9]+ are others, such as '.+'$", check.Found);
    }
}
