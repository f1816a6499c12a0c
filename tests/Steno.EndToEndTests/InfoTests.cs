using System.Runtime.Intrinsics.X86;
using System.Text.Json;

namespace Steno.EndToEndTests;

public sealed class InfoTests
{
    [Fact]
    public async Task Text_tells_the_machine_and_the_built_in_model()
    {
        StenoResult result = (await StenoProcess.RunAsync("info", "-t", "3")).AssertSuccess();

        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal("", result.Error);
        Assert.Contains("Model:      tiny-asr", lines);
        Assert.Contains("Encoder:    4 layers, width 128, 2 heads, MLP 512, 48 convolution channels", lines);
        Assert.Contains("Decoder:    4 layers, width 128, 2 heads (1 key-value), MLP 384, vocabulary 1123", lines);
        Assert.Contains(lines, line => line.StartsWith("Kernels:    ", StringComparison.Ordinal));
        Assert.Contains("Threads:    3", lines);
        Assert.Contains(lines, line => line.StartsWith("CPU paths:  AVX-512 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Languages:  Chinese, English, ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_tells_the_same()
    {
        StenoResult result = (await StenoProcess.RunAsync("info", "--json", "--model", Repository.PathOf("models", "tiny-asr"), "--weights", "f32")).AssertSuccess();

        using JsonDocument document = JsonDocument.Parse(result.OutputBytes);
        JsonElement root = document.RootElement;
        JsonElement model = root.GetProperty("model");
        Assert.Equal(Avx2.IsSupported, root.GetProperty("cpu_paths").GetProperty("AVX2").GetBoolean());
        Assert.Equal(Environment.ProcessorCount, root.GetProperty("processors").GetInt32());
        Assert.Equal(128, model.GetProperty("decoder").GetProperty("width").GetInt32());
        Assert.Equal("f32", model.GetProperty("weights").GetString());
        Assert.Equal(30, model.GetProperty("languages").GetArrayLength());

        // Keys and values of 4 layers, one key-value head of width 128, 2 bytes each, 13 positions for each of 60 seconds.
        Assert.Equal(2 * 4 * 128 * 2 * 13 * 60, model.GetProperty("cache_bytes_per_minute").GetInt64());
    }

    [Fact]
    public async Task Files_of_a_model_are_told_as_json()
    {
        StenoResult result = (await StenoProcess.RunAsync("info", Repository.PathOf("models", "tiny-asr"), "--json")).AssertSuccess();

        using JsonDocument document = JsonDocument.Parse(result.OutputBytes);
        JsonElement root = document.RootElement;
        Assert.Equal("checkpoint directory", root.GetProperty("family").GetString());
        Assert.Equal("speech-to-text", root.GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("origin").ValueKind);
        JsonElement weights = Assert.Single(root.GetProperty("weights").EnumerateArray());
        Assert.Equal("BF16", weights.GetProperty("type").GetString());
        Assert.Equal(2 * weights.GetProperty("weights").GetInt64(), weights.GetProperty("size_bytes").GetInt64());
        Assert.Equal(Repository.PathOf("models", "tiny-asr", "model.safetensors"), Assert.Single(root.GetProperty("files").EnumerateArray()).GetString());
    }

    [Theory]
    [InlineData("no-such-model")]
    [InlineData("README.md")]
    public async Task Files_that_are_no_model_are_told_in_one_line(string name)
    {
        StenoResult result = await StenoProcess.RunAsync("info", name == "README.md" ? Repository.PathOf(name) : name);

        Assert.Contains(name, result.AssertFault(exitCode: 4), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_told_in_one_line()
    {
        StenoResult result = await StenoProcess.RunAsync("info", "-d", "no-such-model");

        Assert.Contains("no-such-model", result.AssertFault(exitCode: 4), StringComparison.Ordinal);
    }
}
