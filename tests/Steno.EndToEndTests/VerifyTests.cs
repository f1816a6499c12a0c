using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

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
    public async Task A_flipped_bit_of_an_installed_model_fails()
    {
        using var directory = new TemporaryDirectory();
        string commit = new('a', 40);
        string model = Directory.CreateDirectory(directory.PathOf("models", "owner--tiny", commit)).FullName;
        var files = new JsonArray();
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("models", "tiny-asr")))
        {
            byte[] content = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(model, Path.GetFileName(file)), content, TestContext.Current.CancellationToken);
            files.Add(new JsonObject { ["path"] = Path.GetFileName(file), ["size"] = content.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)) });
        }

        var manifest = new JsonObject { ["format"] = 1, ["repository"] = "owner/tiny", ["revision"] = "main", ["commit"] = commit, ["pulled_at"] = "2025-01-31T00:00:00Z", ["files"] = files };
        directory.Write("models/owner--tiny/manifest.json", manifest.ToJsonString());
        (string Name, string? Value)[] environment = [("STENO_HOME", directory.Path)];
        StenoResult whole = (await StenoProcess.RunWithEnvironmentAsync(environment, "verify", "owner/tiny")).AssertSuccess();
        Assert.Matches($@"\nok +checksums +{files.Count} files as they were pulled ", whole.Output);

        string weights = Path.Combine(model, "model.safetensors");
        byte[] bytes = await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken);
        bytes[^2001] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes, TestContext.Current.CancellationToken);
        StenoResult flipped = await StenoProcess.RunWithEnvironmentAsync(environment, "verify", "owner/tiny");

        Assert.Equal(4, flipped.ExitCode);
        Assert.Contains("\nFAILED checksums\n", flipped.Output, StringComparison.Ordinal);
        Assert.Contains("  found:    model.safetensors has the SHA-256 ", flipped.Output, StringComparison.Ordinal);
        string last = flipped.Output.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("1 of ", last, StringComparison.Ordinal);
        Assert.EndsWith(" checks failed.", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_after_the_end_of_a_GGUF_file_fail()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("tiny.gguf");
        (await StenoProcess.RunAsync("convert", "tiny-asr", "-o", path)).AssertSuccess();
        (await StenoProcess.RunAsync("verify", path)).AssertSuccess();
        await File.AppendAllTextAsync(path, "more", TestContext.Current.CancellationToken);

        StenoResult result = await StenoProcess.RunAsync("verify", path);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("FAILED after the last tensor of tiny.gguf\n  expected: the end of the file\n  found:    4 more bytes\n1 of ", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Merges_that_are_cut_short_are_a_fault_of_the_model(int length)
    {
        using var directory = new TemporaryDirectory();
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("models", "tiny-asr"))) File.Copy(file, directory.PathOf(Path.GetFileName(file)));
        string merges = directory.PathOf("merges.txt");
        string content = await File.ReadAllTextAsync(merges, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(merges, content[..(length == 0 ? 0 : content.IndexOf('\n', length) + 1)], TestContext.Current.CancellationToken);

        foreach (string[] arguments in new string[][] { ["verify", directory.Path], ["--model", directory.Path, "--silent", new Sample("english-1").Path] })
            Assert.StartsWith($"{merges}: merges are missing: ", (await StenoProcess.RunAsync(arguments)).AssertFault(exitCode: 4), StringComparison.Ordinal);
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
