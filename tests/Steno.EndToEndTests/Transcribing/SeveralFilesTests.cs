using System.Text.Json;

namespace Steno.EndToEndTests.Transcribing;

public sealed class SeveralFilesTests
{
    private static readonly Sample First = new("english-1");
    private static readonly Sample Second = new("spanish-2");

    [Fact]
    public async Task Text_names_each_file()
    {
        StenoResult result = (await StenoProcess.RunAsync(First.Path, Second.Path)).AssertSuccess();

        Assert.Equal($"==> {First.Path} <==\n{First.Text}\n\n==> {Second.Path} <==\n{Second.Text}\n", result.Output);
        Assert.Equal(2, result.ErrorLines.Count(line => line.StartsWith("Inference: ", StringComparison.Ordinal)));
        Assert.Contains("File: " + Second.Path, result.ErrorLines);
        Assert.Single(result.ErrorLines, line => line.Contains("built-in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_is_one_object_on_each_line()
    {
        StenoResult result = (await StenoProcess.RunAsync("--silent", "--format", "json", First.Path, Second.Path)).AssertSuccess();

        string[] lines = result.Output.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("", lines[2]);
        AssertObject(lines[0], First, "English");
        AssertObject(lines[1], Second, "Spanish");
    }

    [Fact]
    public async Task A_bad_file_does_not_stop_the_others_and_decides_the_exit_code()
    {
        using var directory = new TemporaryDirectory();
        string broken = directory.Write("broken.wav", "RIFF"u8.ToArray());

        StenoResult result = await StenoProcess.RunAsync("--silent", "no-such-file.wav", First.Path, broken, Second.Path);

        Assert.Equal(3, result.ExitCode);
        Assert.Equal($"==> {First.Path} <==\n{First.Text}\n\n==> {Second.Path} <==\n{Second.Text}\n", result.Output);
        Assert.Collection(
            result.ErrorLines,
            line => Assert.Equal("steno: no-such-file.wav: there is no such file", line),
            line => Assert.StartsWith($"steno: {broken}: ", line, StringComparison.Ordinal));
        result.AssertNoTrace();
    }

    private static void AssertObject(string line, Sample sample, string language)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        Assert.Contains($"\"text\":\"{sample.Text}\"", line, StringComparison.Ordinal);
        Assert.Equal(
            ["file", "language", "text", "is_truncated", "damage", "mean_token_probability", "segments", "timings", "model"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(sample.Path, root.GetProperty("file").GetString());
        Assert.Equal(language, root.GetProperty("language").GetString());
        Assert.Equal("tiny-asr", root.GetProperty("model").GetString());
        Assert.False(root.GetProperty("is_truncated").GetBoolean());
        Assert.InRange(root.GetProperty("mean_token_probability").GetDouble(), 0.5, 1);
        JsonElement segment = Assert.Single(root.GetProperty("segments").EnumerateArray().ToArray());
        Assert.Equal(sample.Text, segment.GetProperty("text").GetString());
        double audioSeconds = root.GetProperty("timings").GetProperty("audio_seconds").GetDouble();
        Assert.Equal(sample.Pcm.Length / 32000.0, audioSeconds, precision: 3);
        Assert.Equal(0, segment.GetProperty("start").GetDouble());
        Assert.Equal(audioSeconds, segment.GetProperty("end").GetDouble());
    }
}
