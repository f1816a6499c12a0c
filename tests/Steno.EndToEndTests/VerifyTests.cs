using System.Buffers.Binary;
using System.Text.Json;

namespace Steno.EndToEndTests;

public sealed class VerifyTests
{
    private static readonly string TinyGoldens = Repository.PathOf("tests", "data", "golden", "tiny-asr");

    [Theory]
    [InlineData("tiny-asr", "tiny-asr")]
    [InlineData("tests/data/models/random-small", "random-small")]
    public async Task A_model_passes_its_reference_activations(string model, string goldens)
    {
        StenoResult result = (await StenoProcess.RunAsync("verify", model, "--goldens", Repository.PathOf("tests", "data", "golden", goldens))).AssertSuccess();

        Assert.Equal("", result.Error);
        Assert.Matches(@"\nAll [0-9]+ checks passed\.\n$", result.Output);
        Assert.Matches(@"\nok +\S+ decoder\.1 .* 1E-5\n", result.Output);
        Assert.DoesNotContain("FAILED", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_holds_every_check()
    {
        StenoResult result = (await StenoProcess.RunAsync("verify", "tiny-asr", "--json", "--audio", new Sample("german-1").Path)).AssertSuccess();

        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal(["model", "ok", "checks"], document.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.True(document.RootElement.GetProperty("ok").GetBoolean());
        JsonElement[] checks = [.. document.RootElement.GetProperty("checks").EnumerateArray()];
        Assert.All(checks, check => Assert.Equal(["name", "expected", "found", "tolerance", "ok"], check.EnumerateObject().Select(property => property.Name)));
        JsonElement text = Assert.Single(checks, check => check.GetProperty("name").GetString() == "text");
        Assert.Equal(new Sample("german-1").Text, text.GetProperty("found").GetString());
        Assert.Contains(checks, check => check.GetProperty("name").GetString()!.EndsWith("threads: ids", StringComparison.Ordinal));
    }

    [Fact]
    public async Task References_in_the_folder_of_the_model_are_found_and_a_damaged_weight_fails_them()
    {
        using var directory = new TemporaryDirectory();
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("models", "tiny-asr")))
            File.Copy(file, directory.PathOf(Path.GetFileName(file)));
        Directory.CreateDirectory(directory.PathOf("golden"));
        File.Copy(Path.Combine(TinyGoldens, "english.safetensors"), Path.Combine(directory.PathOf("golden"), "english.safetensors"));
        (await StenoProcess.RunAsync("verify", directory.Path)).AssertSuccess();

        // The signs of 400 BF16 weights, over the whole file.
        string weights = directory.PathOf("model.safetensors");
        byte[] bytes = await File.ReadAllBytesAsync(weights);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        int place = (8 + header) | 1;
        for (int i = 0; i < 400; i++)
            bytes[place + (i * ((bytes.Length - place) / 400 / 2 * 2))] ^= 0x80;
        await File.WriteAllBytesAsync(weights, bytes);

        StenoResult result = await StenoProcess.RunAsync("verify", directory.Path);

        Assert.Equal(4, result.ExitCode);
        Assert.Matches(@"\n[0-9]+ of [0-9]+ checks failed\.\n$", result.Output);
        Assert.Contains("\nFAILED  english ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reference_of_another_model_fails()
    {
        StenoResult result = await StenoProcess.RunAsync("verify", "tiny-asr", "--goldens", Repository.PathOf("tests", "data", "golden", "random-small"));

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("no activation of this name and shape", result.Output, StringComparison.Ordinal);
        result.AssertNoTrace();
    }

    [Fact]
    public async Task What_is_missing_is_told_in_one_line()
    {
        string audio = (await StenoProcess.RunAsync("verify", "tiny-asr", "--audio", "no-such-file.wav")).AssertFault(exitCode: 3);
        string model = (await StenoProcess.RunAsync("verify", "no-such-model")).AssertFault(exitCode: 4);
        string goldens = (await StenoProcess.RunAsync("verify", "tiny-asr", "--goldens", "samples")).AssertFault(exitCode: 4);

        Assert.Contains("no-such-file.wav", audio, StringComparison.Ordinal);
        Assert.StartsWith("no-such-model: there is no model, directory or file of that name. Models that are here: tiny-asr", model, StringComparison.Ordinal);
        Assert.StartsWith("samples: there are no reference activations", goldens, StringComparison.Ordinal);
        (await StenoProcess.RunAsync("verify")).AssertFault(exitCode: 2);
        (await StenoProcess.RunAsync("verify", "tiny-asr", "--facts", "all")).AssertFault(exitCode: 2);
    }
}
