using System.Text.Json;
using Steno.Packagings;

namespace Steno.EndToEndTests.Models;

/// <summary>A made checkpoint of each family of safetensors, as a user meets it.</summary>
public sealed class PackagingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("mlx-4", "checkpoint directory for MLX", "MLX 4 bits, groups of 64")]
    [InlineData("mlx-bf16", "checkpoint directory for MLX", "BF16")]
    [InlineData("mxfp4", "checkpoint directory for MLX", "mxfp4")]
    [InlineData("modelopt-nvfp4", "checkpoint directory, quantised by ModelOpt NVFP4", "NVFP4")]
    [InlineData("modelopt-fake", "checkpoint directory, quantised by ModelOpt FP8", "BF16, quantisation only simulated")]
    [InlineData("ct-w4", "checkpoint directory, quantised by compressed-tensors pack-quantized", "4-bit integers")]
    [InlineData("fp8-squares", "checkpoint directory, quantised by FP8", "FP8 (E4M3) in squares of 128")]
    public async Task A_checkpoint_is_named_with_its_number_formats_and_transcribes(string name, string family, string type)
    {
        string path = _directory.PathOf(name);
        PackagingWriter.Write(Family.All.First(entry => entry.Name == name), Repository.PathOf("models", "tiny-asr"), path, twin: null);

        StenoResult result = (await StenoProcess.RunAsync("info", path, "--json")).AssertSuccess();
        using JsonDocument document = JsonDocument.Parse(result.OutputBytes);
        Assert.Equal(family, document.RootElement.GetProperty("family").GetString());
        Assert.Equal("speech-to-text", document.RootElement.GetProperty("kind").GetString());
        JsonElement[] weights = [.. document.RootElement.GetProperty("weights").EnumerateArray()];
        Assert.Contains(weights, entry => entry.GetProperty("type").GetString()!.StartsWith(type, StringComparison.Ordinal));

        // A weight counts once, whatever it is made of; scales and zero points count for nothing but bytes.
        Assert.Equal(2_095_680, weights.Sum(entry => entry.GetProperty("weights").GetInt64()));
        Assert.InRange(weights.Sum(entry => entry.GetProperty("size_bytes").GetInt64()), 0, new FileInfo(Path.Combine(path, "model.safetensors")).Length);
        Assert.Contains("held_as", (await StenoProcess.RunAsync("info", "--model", path, "--json")).AssertSuccess().Output, StringComparison.Ordinal);
        var sample = new Sample("english-2");
        Assert.Equal(sample.Text + "\n", (await StenoProcess.RunAsync("--model", path, "--silent", sample.Path)).AssertSuccess().Output);
    }
}
