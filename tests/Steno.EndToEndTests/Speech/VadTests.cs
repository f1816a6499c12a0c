using System.Globalization;
using System.Text.Json;

namespace Steno.EndToEndTests.Speech;

public sealed class VadTests
{
    private static readonly string Jfk = Repository.PathOf("samples", "speech", "jfk.wav");

    [Fact]
    public async Task Text_has_start_and_end_of_each_span()
    {
        StenoResult result = (await StenoProcess.RunAsync("vad", Jfk)).AssertSuccess();

        Assert.Equal("0.322\t2.270\n3.266\t4.446\n5.378\t7.678\n8.162\t10.622\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Json_and_rttm_tell_the_same()
    {
        StenoResult json = (await StenoProcess.RunAsync("vad", Jfk, "-f", "json")).AssertSuccess();
        StenoResult rttm = (await StenoProcess.RunAsync("vad", Jfk, "-f", "rttm")).AssertSuccess();

        using JsonDocument document = JsonDocument.Parse(json.OutputBytes);
        JsonElement root = document.RootElement;
        Assert.Equal(Jfk, root.GetProperty("file").GetString());
        Assert.Equal("silero", root.GetProperty("vad").GetString());
        Assert.Equal(11, root.GetProperty("duration").GetDecimal());
        Assert.Equal(7.888m, root.GetProperty("speech").GetDecimal());
        decimal[][] spans = [.. root.GetProperty("spans").EnumerateArray().Select(span => new[] { span.GetProperty("start").GetDecimal(), span.GetProperty("end").GetDecimal() })];
        Assert.Equal(4, spans.Length);
        string[] lines = rttm.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(spans.Select(span => string.Create(CultureInfo.InvariantCulture, $"SPEAKER jfk 1 {span[0]:F3} {span[1] - span[0]:F3} <NA> <NA> speech <NA> <NA>")), lines);
    }

    [Fact]
    public async Task Standard_input_is_read_as_a_file_is()
    {
        StenoResult file = (await StenoProcess.RunAsync("vad", Jfk, "--vad", "energy")).AssertSuccess();
        StenoResult stream = (await StenoProcess.RunWithInputAsync(await File.ReadAllBytesAsync(Jfk), "vad", "-", "--vad", "energy")).AssertSuccess();

        Assert.Equal(file.Output, stream.Output);
        Assert.NotEqual("", file.Output);
    }

    [Fact]
    public async Task Options_change_the_spans()
    {
        Assert.Single(await Lines("--vad-min-silence", "2", "--vad-padding", "0"));
        Assert.Empty(await Lines("--vad-min-speech", "5"));
        Assert.Equal("0.000", (await Lines("--vad-padding", "1"))[0].Split('\t')[0]);
        Assert.True((await Lines("--vad-threshold", "0.05")).Length != 4 || (await Lines("--vad-threshold", "0.05"))[0] != "0.322\t2.270");
        string[] limited = await Lines("--vad-min-silence", "2", "--vad-padding", "0", "--vad-max-speech", "5");
        Assert.True(limited.Length > 1);
        Assert.All(limited, line => Assert.InRange(double.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture) - double.Parse(line.Split('\t')[0], CultureInfo.InvariantCulture), 0, 5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_is_told_and_no_fault(bool isSilent)
    {
        string[] arguments = ["vad", "-", "--input-format", "s16le"];
        StenoResult result = (await StenoProcess.RunWithInputAsync(new byte[64_000], isSilent ? [.. arguments, "--silent"] : arguments)).AssertSuccess();

        Assert.Equal("", result.Output);
        Assert.Equal(isSilent ? [] : ["standard input: no speech"], result.ErrorLines);
    }

    [Fact]
    public async Task Bad_audio_is_told_in_one_line()
    {
        Assert.Contains("no-such.wav", (await StenoProcess.RunAsync("vad", "no-such.wav")).AssertFault(exitCode: 3), StringComparison.Ordinal);
        Assert.Contains("empty", (await StenoProcess.RunAsync("vad", "-", "--input-format", "s16le")).AssertFault(exitCode: 3), StringComparison.Ordinal);
        Assert.Contains("README.md", (await StenoProcess.RunAsync("vad", Repository.PathOf("README.md"))).AssertFault(exitCode: 3), StringComparison.Ordinal);
        Assert.Contains("at most 5 s", (await StenoProcess.RunAsync("vad", Jfk, "--max-duration", "5")).AssertFault(exitCode: 3), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--vad-threshold", "2")]
    [InlineData("--vad-threshold", "nan")]
    [InlineData("--vad-min-speech", "-1")]
    [InlineData("--vad-min-silence", "6")]
    [InlineData("--vad-padding", "x")]
    [InlineData("--vad-max-speech", "4")]
    [InlineData("--vad", "webrtc")]
    [InlineData("--format", "srt")]
    public async Task A_wrong_value_is_told_before_the_audio_is_read(string option, string value) =>
        Assert.Contains(option, (await StenoProcess.RunAsync("vad", "no-such.wav", option, value)).AssertFault(exitCode: 2), StringComparison.Ordinal);

    private static async Task<string[]> Lines(params string[] options) =>
        (await StenoProcess.RunAsync(["vad", Jfk, .. options])).AssertSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
