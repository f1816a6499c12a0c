using System.Text.Json;

namespace Steno.EndToEndTests.Transcribing;

public sealed class BundledRecordingTests
{
    public static TheoryData<string> Names => [.. Sample.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_built_in_model_writes_what_is_said(string name)
    {
        var sample = new Sample(name);

        StenoResult result = (await StenoProcess.RunAsync("transcribe", "--silent", sample.Path)).AssertSuccess();

        Assert.Equal(sample.Text + "\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Standard_error_tells_the_model_and_the_language_and_ends_with_the_statistics()
    {
        var sample = new Sample("german-2");

        StenoResult result = (await StenoProcess.RunAsync("transcribe", sample.Path)).AssertSuccess();

        Assert.Equal(sample.Text + "\n", result.Output);
        Assert.Contains("built-in tiny-asr, which knows about 145 words", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("--model DIR", result.ErrorLines[1], StringComparison.Ordinal);
        Assert.Contains("Language: German", result.ErrorLines);
        Assert.Matches(@"^Inference: \d+ ms, [1-9]\d* text tokens \(\d+\.\d\d tok/s, encoding: \d+ ms, decoding: \d+ ms\)$", result.ErrorLines[^2]);
        Assert.Matches(@"^Audio: 2\.5 s processed in \d+\.\d s \(\d+\.\d\dx realtime\)$", result.ErrorLines[^1]);
    }

    [Fact]
    public async Task The_text_does_not_depend_on_the_number_of_threads()
    {
        var sample = new Sample("spanish-1");
        foreach (string threads in new[] { "1", "2", "3", "4", "0", "-1" })
        {
            StenoResult result = (await StenoProcess.RunAsync(sample.Path, "--silent", "-t", threads)).AssertSuccess();

            Assert.Equal(sample.Text + "\n", result.Output);
        }
    }

    [Theory]
    [InlineData("--weights", "f32")]
    [InlineData("--weights", "BF16")]
    [InlineData("--attention", "full")]
    [InlineData("--max-tokens", "50")]
    [InlineData("--language", "eNGLISH")]
    [InlineData("--language", "")]
    public async Task Options_that_do_not_matter_here_leave_the_text_as_it_is(string option, string value)
    {
        var sample = new Sample("english-2");

        StenoResult result = (await StenoProcess.RunAsync("--silent", option, value, sample.Path)).AssertSuccess();

        Assert.Equal(sample.Text + "\n", result.Output);
    }

    [Fact]
    public async Task Debug_tells_the_model_the_segments_and_the_stages()
    {
        StenoResult result = (await StenoProcess.RunAsync("--debug", "-t", "1", new Sample("english-1").Path)).AssertSuccess();

        Assert.Contains(result.ErrorLines, line => line.StartsWith("Model: tiny-asr, ", StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.StartsWith("Threads: 1, kernels: ", StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.StartsWith("Segment: 0.00-2.95 s, English, ", StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.StartsWith("Time to first token: ", StringComparison.Ordinal));
        Assert.StartsWith("Audio: ", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_limit_that_was_hit_is_told_even_in_silence()
    {
        var sample = new Sample("spanish-1");

        StenoResult text = (await StenoProcess.RunAsync("--silent", "--max-tokens", "6", sample.Path)).AssertSuccess();
        StenoResult json = (await StenoProcess.RunAsync("--silent", "--format", "json", "--max-tokens", "6", sample.Path)).AssertSuccess();

        Assert.StartsWith("steno: warning: ", Assert.Single(text.ErrorLines), StringComparison.Ordinal);
        Assert.StartsWith(text.Output.TrimEnd('\n'), sample.Text, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(json.OutputBytes);
        Assert.True(document.RootElement.GetProperty("is_truncated").GetBoolean());
    }
}
