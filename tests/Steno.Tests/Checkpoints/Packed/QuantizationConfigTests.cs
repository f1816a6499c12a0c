using System.Text.Json.Nodes;
using Steno.Checkpoints;

namespace Steno.Tests.Checkpoints.Packed;

/// <summary>What config.json says of a quantisation: names that are known, and methods that are refused by name.</summary>
public sealed class QuantizationConfigTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("""{"quant_method":"gptq","bits":4}""", "by gptq")]
    [InlineData("""{"quant_method":"awq","bits":4}""", "by awq")]
    [InlineData("""{"quant_method":"bitsandbytes","load_in_4bit":true}""", "by bitsandbytes")]
    [InlineData("""{"quant_method":"torchao"}""", "by torchao")]
    [InlineData("""{"quant_method":"quanto"}""", "by quanto")]
    [InlineData("""{"quant_method":"exl3","bits":4}""", "by exl3")]
    [InlineData("""{"load_in_8bit":true}""", "in a way that it does not name")]
    [InlineData("""{"bits":4,"group_size":64,"mode":"int7"}""", "by MLX in mode int7")]
    [InlineData("""{"quant_method":"compressed-tensors","transform_config":{"config_groups":{"u":{"type":"hadamard"}}}}""", "by compressed-tensors with a transform of the inputs")]
    [InlineData("""{"quant_method":"compressed-tensors","sparsity_config":{"format":"sparse-24-bitmask"}}""", "by compressed-tensors with sparse weights (sparse-24-bitmask)")]
    public void A_method_that_is_not_read_is_named_with_what_to_fetch_instead(string quantization, string how)
    {
        foreach (bool isInside in new[] { false, true })
        {
            Write(quantization, isInside);

            string message = Assert.Throws<UnsupportedModelException>(() => CheckpointDirectory.Open(_directory.Path)).Message;

            Assert.Equal(
                $"{_directory.PathOf("config.json")}: the weights are quantised {how}; Steno reads those of MLX, ModelOpt, compressed-tensors and FP8, and GGUF files. "
                + "Fetch one of these, or the original model (steno pull 0.6b or 1.7b).",
                message);
        }
    }

    [Theory]
    [InlineData("""{"bits":4,"group_size":64}""", "checkpoint directory, quantised by MLX")]
    [InlineData("""{"quant_method":"modelopt","quant_algo":"NVFP4"}""", "checkpoint directory, quantised by ModelOpt NVFP4")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"pack-quantized","sparsity_config":{},"transform_config":{}}""", "checkpoint directory, quantised by compressed-tensors pack-quantized")]
    [InlineData("""{"quant_method":"compressed-tensors"}""", "checkpoint directory, quantised by compressed-tensors")]
    [InlineData("""{"quant_method":"fp8"}""", "checkpoint directory, quantised by FP8")]
    public void A_known_method_is_named(string quantization, string family)
    {
        Write(quantization, isInside: false);

        Assert.Equal(family, DirectorySummary.Read(_directory.Path).Family);
    }

    [Fact]
    public void ModelOpt_may_say_it_in_a_file_of_its_own()
    {
        TinyCheckpoint.Copy(_directory, "config.json", "model.safetensors");
        _directory.Write("hf_quant_config.json", """{"producer":{"name":"modelopt"},"quantization":{"quant_algo":"FP8","kv_cache_quant_algo":null}}""");

        Assert.Equal("checkpoint directory, quantised by ModelOpt FP8", DirectorySummary.Read(_directory.Path).Family);
    }

    [Fact]
    public void A_value_of_another_type_is_a_fault()
    {
        Write("\"int8\"", isInside: false);

        Assert.Contains("quantization_config cannot be used; expected an object", Assert.Throws<ModelFormatException>(() => CheckpointDirectory.Open(_directory.Path)).Message, StringComparison.Ordinal);
    }

    private void Write(string quantization, bool isInside)
    {
        JsonObject config = TinyCheckpoint.ReadConfig();
        (isInside ? config["thinker_config"]!.AsObject() : config)["quantization_config"] = JsonNode.Parse(quantization);
        _directory.Write("config.json", config.ToJsonString());
        File.Copy(Path.Combine(TinyCheckpoint.Directory, "model.safetensors"), _directory.PathOf("model.safetensors"), overwrite: true);
    }
}
