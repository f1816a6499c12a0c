using Steno.EndToEndTests.Models;

namespace Steno.EndToEndTests;

/// <summary>Messages say what was wrong, in the same words everywhere, and what to do.</summary>
public sealed class WordingTests : IDisposable
{
    private static readonly Sample Recording = new("english-2");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("--silent {0}")]
    [InlineData("verify tiny-asr --audio {0}")]
    [InlineData("compare-weights tiny-asr tiny-asr {0}")]
    [InlineData("quantize tiny-asr q8_0 -o x.gguf --imatrix {0}")]
    public async Task A_missing_recording_is_told_in_one_wording(string command)
    {
        string line = (await StenoProcess.RunAsync(Words(command, "no-such-file.wav"))).AssertFault(3);

        Assert.Equal("no-such-file.wav: there is no such file", line);
    }

    [Theory]
    [InlineData("--silent {0}", "is a directory: to transcribe the files in it, use --output FOLDER")]
    [InlineData("verify tiny-asr --audio {0}", "is a directory: name a file in it")]
    [InlineData("compare-weights tiny-asr tiny-asr {0}", "is a directory: name the files in it")]
    [InlineData("quantize tiny-asr q8_0 -o x.gguf --imatrix {0}", "is a directory: name the files in it")]
    public async Task A_directory_is_told_with_the_way_out(string command, string expected)
    {
        string line = (await StenoProcess.RunAsync(Words(command, _directory.Path))).AssertFault(3);

        Assert.Equal($"{_directory.Path}: {expected}", line);
    }

    [Fact]
    public async Task A_missing_half_of_a_pair_is_told_in_the_same_words()
    {
        string model = _directory.PathOf("x.gguf");
        (await StenoProcess.RunAsync("convert", "tiny-asr", "--dialect", "llama.cpp", "-o", model, "--silent")).AssertSuccess();

        string line = (await StenoProcess.RunAsync("info", "--model", model, "--mmproj", "no-such-file.gguf")).AssertFault(4);

        Assert.StartsWith("no-such-file.gguf: there is no such file", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "the audio says that it lasts 2.6 s; at most 1 s is accepted.")]
    [InlineData("2.5s", "the audio says that it lasts 2.6 s; at most 2.5 s is accepted.")]
    public async Task Durations_are_told_in_units_that_fit(string limit, string expected)
    {
        string line = (await StenoProcess.RunAsync("--silent", "--max-duration", limit, Recording.Path)).AssertFault(3);

        Assert.StartsWith($"{Recording.Path}: {expected}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-duration", "1h30m")]
    [InlineData("--max-duration", "1h0m2.5s")]
    [InlineData("--max-duration", "90m")]
    [InlineData("--language", "en")]
    [InlineData("--language", "EN")]
    public async Task Short_forms_are_taken(string option, string value)
    {
        StenoResult result = (await StenoProcess.RunAsync("--silent", option, value, Recording.Path)).AssertSuccess();

        Assert.Equal(Recording.Text + "\n", result.Output);
    }

    [Theory]
    [InlineData("german-1", "de")]
    [InlineData("chinese-1", "zh")]
    public async Task A_code_stands_for_its_language(string name, string code)
    {
        var sample = new Sample(name);

        StenoResult result = (await StenoProcess.RunAsync("--silent", "--language", code, sample.Path)).AssertSuccess();

        Assert.Equal(sample.Text + "\n", result.Output);
    }

    [Theory]
    [InlineData("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\na.wav\n")]
    [InlineData("text.srt", "1\n00:00:01,000 --> 00:00:02,000\nhello\n")]
    public async Task What_is_not_decoded_is_told_without_a_list_of_what_is(string name, string content)
    {
        string path = MediaDecoder.Require(_directory.Write(name, content));

        string line = (await StenoProcess.RunAsync("--silent", path)).AssertFault(3);

        Assert.DoesNotContain("matroska", line, StringComparison.Ordinal);
        Assert.Contains("this is no audio but text", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_is_told_with_those_that_there_are()
    {
        await using var hub = new PullFixture();
        (await hub.RunAsync("pull", "--silent", PullFixture.Repository)).AssertSuccess();

        foreach (string[] command in (string[][])[["--silent", "-d", "whisper", Recording.Path], ["verify", "whisper"], ["convert", "whisper", "-o", _directory.PathOf("x")], ["info", "--model", "whisper"]])
        {
            string line = (await hub.RunAsync(command)).AssertFault(4);
            Assert.StartsWith("whisper: there is no model, directory or file of that name. Models that are here: tiny-asr, owner/tiny-asr. ", line, StringComparison.Ordinal);
            Assert.Contains("steno pull: 0.6b, 1.7b", line, StringComparison.Ordinal);
        }

        Assert.Contains("Models that are here: tiny-asr, owner/tiny-asr", (await hub.RunAsync("--silent", "-d", "0.6b", Recording.Path)).AssertFault(4), StringComparison.Ordinal);
        Assert.Contains("0.6b is not installed. Installed: owner/tiny-asr", (await hub.RunAsync("models", "remove", "0.6b")).AssertFault(4), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_names_what_was_read_and_what_was_to_be_written()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");

        StenoResult output = await StenoProcess.RunShellAsync($"\"$STENO\" --silent '{Recording.Path}' > /dev/full");
        StenoResult export = await StenoProcess.RunAsync("convert", "tiny-asr", "-o", _directory.PathOf("no", "x.gguf"));

        Assert.Equal($"{Recording.Path}: the text is lost: standard output cannot be written: No space left on device", output.AssertFault(5));
        Assert.StartsWith($"tiny-asr: {_directory.PathOf("no", "x.gguf")}: there is no directory", export.AssertFault(5), StringComparison.Ordinal);
    }

    private static string[] Words(string command, string name) => [.. command.Split(' ').Select(word => word.Replace("{0}", name, StringComparison.Ordinal))];
}
