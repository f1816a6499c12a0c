using System.Text.Json.Nodes;
using Steno.Checkpoints;
using Steno.Packagings;
using Steno.Tensors;

namespace Steno.Tests.Checkpoints.Packed;

/// <summary>The weights of an aligner in the packagings of MLX: its head has other outputs than the vocabulary, and is quantised with the rest.</summary>
public sealed class AlignerPackagingTests : IDisposable
{
    private const string Head = "thinker.lm_head.weight";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("mlx-4")]
    [InlineData("mlx-8")]
    [InlineData("mlx-bf16")]
    [InlineData("mxfp4")]
    public void Every_tensor_has_the_values_of_its_twin(string name)
    {
        string source = Repository.RequireShared("models", "tiny-aligner");
        string packed = _directory.PathOf("packed");
        string twin = _directory.PathOf("twin");
        PackagingWriter.Write(Family.All.First(family => family.Name == name), source, packed, twin);
        foreach (string directory in new[] { packed, twin }) CallItSpeechToText(directory);
        CheckpointDirectory checkpoint = CheckpointDirectory.Open(packed);
        using IWeightSource weights = checkpoint.OpenWeights();
        using IWeightSource expected = CheckpointDirectory.Open(twin).OpenWeights();

        foreach (SourceTensor tensor in SourceTensor.ReadAll(Path.Combine(source, "model.safetensors")))
        {
            using AlignedBuffer<float> actual = weights.Require(tensor.Name, tensor.Shape).ReadFloats();
            using AlignedBuffer<float> original = expected.Require(tensor.Name, tensor.Shape).ReadFloats();
            Assert.True(original.Span.SequenceEqual(actual.Span), tensor.Name);
        }

        Assert.True(weights.TryGetTensor(Head, out TensorView head));
        Assert.Equal(5000, head.Shape[0]);
    }

    // The weights alone are looked at: the configuration of an aligner is not read here.
    private static void CallItSpeechToText(string directory)
    {
        string path = Path.Combine(directory, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        config["architectures"] = new JsonArray("Qwen3ASRForConditionalGeneration");
        config["model_type"] = "qwen3_asr";
        JsonObject thinker = config["thinker_config"]!.AsObject();
        thinker["model_type"] = "qwen3_asr_thinker";
        thinker.Remove("classify_num");
        File.WriteAllText(path, config.ToJsonString());
    }
}
