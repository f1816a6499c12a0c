using System.Text.Json;

namespace Steno.EndToEndTests.Transcribing;

/// <summary>A recording that is cut off after 2 of its 4 seconds.</summary>
public sealed class DamagedAudioTests : IDisposable
{
    private const string Reason = "the 'data' chunk claims ";

    private readonly TemporaryDirectory _directory = new();

    private string Cut => _directory.Write("cut.wav", new Sample("english-3").Wav.AsSpan(0, 44 + (2 * 32000)));

    private static string Warning(string path) => $"steno: warning: {path}: the audio is damaged at 2.0 s, and the text is that of what could be decoded: {Reason}";

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("--damaged refuse")]
    public async Task It_is_an_error_that_names_the_way_out(string options)
    {
        StenoResult result = await StenoProcess.RunAsync(["--silent", Cut, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        string line = result.AssertFault(exitCode: 3);
        Assert.StartsWith($"{Cut}: {Reason}", line, StringComparison.Ordinal);
        Assert.Contains("--damaged keep", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_can_be_decoded_is_written_and_the_damage_told(bool isPipe)
    {
        byte[] bytes = File.ReadAllBytes(Cut);
        StenoResult expected = (await StenoProcess.RunWithInputAsync(bytes.AsMemory(44), "--silent", "-", "--input-format", "s16le")).AssertSuccess();

        StenoResult result = (await StenoProcess.RunWithInputAsync(isPipe ? bytes : ReadOnlyMemory<byte>.Empty, "--silent", "--damaged", "keep", isPipe ? "-" : Cut)).AssertSuccess();

        Assert.Equal(expected.Output, result.Output);
        Assert.StartsWith(Warning(isPipe ? "-" : Cut), Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_of_a_folder_tells_it()
    {
        string sound = _directory.Write("sound.wav", new Sample("english-1").Wav);
        string texts = _directory.PathOf("texts");

        StenoResult result = (await StenoProcess.RunAsync(Cut, sound, "--damaged", "keep", "--format", "txt,json", "--output", texts)).AssertSuccess();

        Assert.Contains(result.ErrorLines, line => line.StartsWith(Warning(Cut), StringComparison.Ordinal));
        using JsonDocument cut = JsonDocument.Parse(File.ReadAllText(Path.Combine(texts, "cut.json")));
        using JsonDocument whole = JsonDocument.Parse(File.ReadAllText(Path.Combine(texts, "sound.json")));
        JsonElement damage = cut.RootElement.GetProperty("damage");
        Assert.Equal(2, damage.GetProperty("at").GetDouble());
        Assert.StartsWith(Reason, damage.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, whole.RootElement.GetProperty("damage").ValueKind);
        Assert.Equal(File.ReadAllText(Path.Combine(texts, "cut.txt")), cut.RootElement.GetProperty("text").GetString() + "\n");
    }
}
