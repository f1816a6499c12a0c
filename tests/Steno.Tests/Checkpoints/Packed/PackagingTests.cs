using Steno.Checkpoints;
using Steno.Clips;
using Steno.Diagnostics;
using Steno.Loading;
using Steno.Packagings;
using Steno.Tensors;

namespace Steno.Tests.Checkpoints.Packed;

/// <summary>Every packaging of the built-in model, beside a twin in the original layout that holds in F32 what the packed matrices stand for.</summary>
public sealed class PackagingTests : IDisposable
{
    // With so few bits another text than the recording's is no fault; all others lose nothing that is heard here.
    private static readonly string[] Coarse = ["mlx-2", "mlx-3"];

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Names => [.. Family.All.Select(family => family.Name)];

    public void Dispose() => _directory.Dispose();

    [Theory, MemberData(nameof(Names))]
    public async Task Tensors_logits_and_texts_are_those_of_the_twin(string name)
    {
        (string packed, string twin) = Write(name);
        AssertTensors(packed, twin);
        AssertLogits(packed, twin);
        using AsrModel stored = AsrModel.Load(packed);
        using AsrModel exact = AsrModel.Load(twin, new AsrModelOptions { Weights = WeightPrecision.Float32 });
        foreach (string recording in new[] { "english-2", "chinese-1", "german-1" })
        {
            string path = Repository.PathOf("samples", "audio", recording + ".wav");
            string expected = (await exact.TranscribeAsync(path)).Text;
            Assert.Equal(expected, (await stored.TranscribeAsync(path)).Text);
            if (!Coarse.Contains(name)) Assert.Equal((await File.ReadAllTextAsync(Path.ChangeExtension(path, ".txt"))).Trim(), expected);
        }
    }

    [Theory]
    [InlineData("mlx-2", "Affine4")]
    [InlineData("mlx-3", "Affine4")]
    [InlineData("mlx-4", "Affine4")]
    [InlineData("mlx-5", "Affine6")]
    [InlineData("mlx-6", "Affine6")]
    [InlineData("mlx-8", "Affine8")]
    [InlineData("mlx-4-g128", "Affine4")]
    [InlineData("mlx-4-g32", "BF16")]
    [InlineData("mlx-mixed", "Affine4,Affine6,Affine8,BF16")]
    [InlineData("mlx-bf16", "BF16")]
    [InlineData("mxfp4", "Q8")]
    [InlineData("nvfp4", "BF16")]
    [InlineData("mxfp8", "BF16")]
    [InlineData("modelopt-fp8", "BF16")]
    [InlineData("modelopt-int8", "Affine8")]
    [InlineData("modelopt-nvfp4", "BF16")]
    [InlineData("modelopt-int4", "Affine4")]
    [InlineData("modelopt-awq", "BF16")]
    [InlineData("ct-w4", "Affine4")]
    [InlineData("ct-w4-reordered", "Affine4,BF16")]
    [InlineData("ct-w3", "Affine4")]
    [InlineData("ct-mxfp4", "Q8")]
    public void Codes_are_multiplied_as_they_are_where_a_kernel_has_them(string name, string formats)
    {
        using AsrModel model = AsrModel.Load(Write(name).Packed);

        // conv_out takes its columns in another order, which no code survives; vectors are F32.
        IEnumerable<string> held = model.Info.HeldWeights.Where(part => !part.StoredAs.StartsWith("BF16", StringComparison.Ordinal) || name == "mlx-bf16").Select(part => part.HeldAs);
        Assert.Equal(formats.Split(','), held.Where(format => format != "F32").Distinct().Where(format => format != "BF16" || formats.Contains("BF16", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("mlx-4")]
    [InlineData("mlx-8")]
    [InlineData("mxfp4")]
    [InlineData("ct-w4-zero")]
    [InlineData("modelopt-int8")]
    public void Rows_of_the_packed_embedding_and_projections_hold_every_value_exactly(string name)
    {
        (string packed, string twin) = Write(name);
        using LoadedModel model = LoadedModel.Load(packed, WeightPrecision.Stored, threadCount: null, CancellationToken.None);
        using IWeightSource expected = CheckpointDirectory.Open(twin).OpenWeights();
        TensorView projection = expected.Require("thinker.model.layers.1.mlp.down_proj.weight", model.Config.Text.Width, model.Config.Text.FeedForwardWidth);
        float[] actual = new float[projection.Shape[1]];
        float[] original = new float[projection.Shape[1]];
        for (int row = 0; row < projection.Shape[0]; row++)
        {
            model.Weights.Text.Layers[1].DownProj.CopyRow(row, actual);
            projection.CopyTo((long)row * actual.Length, original);

            // scale * code - scale * zero point is rounded twice where scale * (code - zero point) is once.
            for (int i = 0; i < actual.Length; i++) Assert.Equal(original[i], actual[i], 1e-5f * original.Max(MathF.Abs));
        }
    }

    [Fact]
    public void Names_and_layouts_of_kernels_are_decided_each_on_its_own()
    {
        string packed = Write("mlx-4").Packed;
        List<StoredTensor> tensors = [.. SourceTensor.ReadAll(Path.Combine(packed, "model.safetensors")).Select(tensor => new StoredTensor(tensor.Name, tensor.DType, tensor.Shape, tensor.Data))];
        Dictionary<string, StoredTensor> originals = TinyCheckpoint.ReadTensors().ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);

        // Kernels as PyTorch has them under stripped names, and kernels as MLX has them under the original ones.
        List<StoredTensor> plainKernels = [.. tensors.Select(tensor => tensor.Shape.Length == 4 ? originals["thinker." + tensor.Name] with { Name = tensor.Name } : tensor)];
        List<StoredTensor> originalNames = [.. tensors.Select(tensor => tensor with { Name = "thinker." + tensor.Name })];
        foreach (List<StoredTensor> variant in new[] { plainKernels, originalNames })
        {
            File.WriteAllBytes(Path.Combine(packed, "model.safetensors"), SafetensorsWriter.Write(variant));
            using IWeightSource weights = CheckpointDirectory.Open(packed).OpenWeights();
            foreach (StoredTensor kernel in originals.Values.Where(tensor => tensor.Shape.Length == 4))
            {
                using AlignedBuffer<float> actual = weights.Require(kernel.Name, kernel.Shape).ReadFloats();
                Assert.Equal(TinyCheckpoint.Values(kernel), actual.Span.ToArray());
            }
        }
    }

    [Theory]
    [InlineData("ct-int8", "weight_zero_point")]
    [InlineData("ct-w4-reordered", "weight_g_idx")]
    [InlineData("modelopt-awq", "pre_quant_scale")]
    public void A_part_that_belongs_to_no_matrix_is_named(string name, string part)
    {
        string path = Path.Combine(Write(name).Packed, "model.safetensors");
        const string Module = "thinker.model.layers.0.mlp.up_proj.";
        List<StoredTensor> tensors = [.. SourceTensor.ReadAll(path).Select(tensor => new StoredTensor(tensor.Name.Replace(Module + part, "thinker.model.layers.9.mlp.up_proj." + part, StringComparison.Ordinal), tensor.DType, tensor.Shape, tensor.Data))];
        File.WriteAllBytes(path, SafetensorsWriter.Write(tensors));

        string message = Assert.Throws<ModelFormatException>(() => CheckpointDirectory.Open(Path.GetDirectoryName(path)!).OpenWeights()).Message;

        Assert.Contains($"a part of a quantised matrix belongs to none of the model's matrices; tensor thinker.model.layers.9.mlp.up_proj.{part}", message, StringComparison.Ordinal);
    }

    // The layout of moona3k's converter: the file has another name, the quantisation a file of its own.
    [Fact]
    public async Task A_lone_weights_file_is_enough()
    {
        string packed = Write("mlx-8").Packed;
        File.Move(Path.Combine(packed, "model.safetensors"), Path.Combine(packed, "weights.safetensors"));
        File.Copy(Path.Combine(TinyCheckpoint.Directory, "config.json"), Path.Combine(packed, "config.json"), overwrite: true);
        File.WriteAllText(Path.Combine(packed, "quantization_config.json"), """{"bits":8,"group_size":64}""");

        using AsrModel model = AsrModel.Load(packed);

        Assert.Equal("checkpoint directory for MLX", StoredModel.Read(packed).Family);
        string recording = Repository.PathOf("samples", "audio", "english-2.wav");
        Assert.Equal((await File.ReadAllTextAsync(Path.ChangeExtension(recording, ".txt"))).Trim(), (await model.TranscribeAsync(recording)).Text);
    }

    private (string Packed, string Twin) Write(string name)
    {
        string packed = _directory.PathOf("packed");
        string twin = _directory.PathOf("twin");
        PackagingWriter.Write(Family.All.First(family => family.Name == name), TinyCheckpoint.Directory, packed, twin);
        return (packed, twin);
    }

    private static void AssertTensors(string packed, string twin)
    {
        CheckpointDirectory checkpoint = CheckpointDirectory.Open(packed);
        using IWeightSource weights = checkpoint.OpenWeights();
        using IWeightSource expected = CheckpointDirectory.Open(twin).OpenWeights();
        foreach ((string tensor, long[] shape) in ModelTensors.Of(checkpoint.Config))
        {
            using AlignedBuffer<float> actual = weights.Require(tensor, shape).ReadFloats();
            using AlignedBuffer<float> original = expected.Require(tensor, shape).ReadFloats();
            for (int i = 0; i < actual.Length; i++)
            {
                // A factor of the columns is applied after the sum of the twin was rounded.
                if (MathF.Abs(actual.Span[i] - original.Span[i]) > 1e-6f * MathF.Abs(original.Span[i])) Assert.Fail($"{tensor}[{i}]: {actual.Span[i]:R} instead of {original.Span[i]:R}");
            }
        }
    }

    private static void AssertLogits(string packed, string twin)
    {
        float[] actual = Logits(packed);
        float[] expected = Logits(twin);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4f);
    }

    private static float[] Logits(string path)
    {
        using LoadedModel model = LoadedModel.Load(path, WeightPrecision.Float32, threadCount: null, CancellationToken.None);
        float[] samples = RecordingReader.ReadFileAsync(Repository.PathOf("samples", "audio", "english-2.wav"), CancellationToken.None).GetAwaiter().GetResult();
        var tap = new LogitTap();
        using var pass = new ClipPass(model, new ClipPassOptions { Cache = CachePrecision.Float32 }) { Tap = tap };
        ClipFeatures features = pass.Prepare(samples, CancellationToken.None)!;
        pass.Run(features, AttentionMode.Windowed, maxTokens: 3, CancellationToken.None);
        Assert.NotEmpty(tap.Logits);
        return [.. tap.Logits];
    }

    private sealed class LogitTap : ITensorTap
    {
        public List<float> Logits { get; } = [];

        public void OnRows(string name, long firstRow, Span<float> rows)
        {
            if (name == "logits") Logits.AddRange(rows.ToArray());
        }
    }
}
