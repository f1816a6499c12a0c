using System.Text.Json;

namespace Steno.EndToEndTests.Transcribing;

/// <summary>A limit that ends the output within its header leaves no text, rather than a piece of the header.</summary>
public sealed class TokenLimitTests
{
    private static readonly Sample Sample = new("english-2");

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public async Task A_header_alone_is_no_text(string limit)
    {
        StenoResult whole = (await StenoProcess.RunAsync("--silent", "--max-tokens", limit, Sample.Path)).AssertSuccess();
        StenoResult streamed = (await StenoProcess.RunAsync("--max-tokens", limit, Sample.Path)).AssertSuccess();
        StenoResult json = (await StenoProcess.RunAsync("--silent", "--format", "json", "--max-tokens", limit, Sample.Path)).AssertSuccess();

        Assert.Equal("\n", whole.Output);
        Assert.Equal("\n", streamed.Output);
        Assert.Contains("the text is incomplete: the token limit was reached", whole.Error, StringComparison.Ordinal);
        Assert.Contains("the text is incomplete: the token limit was reached", streamed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("No speech", streamed.Error, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(json.OutputBytes);
        Assert.Equal("", document.RootElement.GetProperty("text").GetString());
        Assert.True(document.RootElement.GetProperty("is_truncated").GetBoolean());
    }

    [Fact]
    public async Task With_a_language_named_the_first_token_is_text()
    {
        StenoResult result = (await StenoProcess.RunAsync("--silent", "--max-tokens", "1", "--language", "en", Sample.Path)).AssertSuccess();

        Assert.Equal("Stop\n", result.Output);
    }
}
