using System.Text.Json.Nodes;
using Steno.Checkpoints;
using Steno.Kernels;
using Steno.Loading;
using Steno.Packagings;
using Steno.Tensors;

namespace Steno.Tests.Checkpoints.Adapters;

public sealed class LoraAdapterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Adapter => _directory.PathOf("adapter");

    private string Merged => _directory.PathOf("merged");

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Variants => ["plain", "stabilised", "patterns", "port", "bare", "encoder", "inner"];

    [Theory, MemberData(nameof(Variants))]
    public void A_model_with_an_adapter_is_the_model_into_which_it_was_merged(string variant)
    {
        AdapterWriter.Write(TinyCheckpoint.Directory, Adapter, OptionsOf(variant), Merged);

        AssertMerged(CheckpointFinder.Find(TinyCheckpoint.Directory, null, [Adapter]), Merged);
    }

    [Fact]
    public async Task Texts_and_weights_change_with_the_adapter_and_are_those_of_the_merged_model()
    {
        AdapterWriter.Write(TinyCheckpoint.Directory, Adapter, new AdapterOptions { Magnitude = 2 }, Merged);
        using AsrModel plain = AsrModel.Load(TinyCheckpoint.Directory, new AsrModelOptions { Weights = WeightPrecision.Float32 });
        using AsrModel adapted = AsrModel.Load(TinyCheckpoint.Directory, new AsrModelOptions { Weights = WeightPrecision.Float32, Adapters = [Adapter] });
        using AsrModel merged = AsrModel.Load(Merged, new AsrModelOptions { Weights = WeightPrecision.Float32 });
        string recording = Repository.PathOf("samples", "audio", "english-2.wav");

        string expected = (await merged.TranscribeAsync(recording)).Text;

        Assert.Equal(expected, (await adapted.TranscribeAsync(recording)).Text);
        Assert.NotEqual(expected, (await plain.TranscribeAsync(recording)).Text);
        Assert.Equal([Adapter], adapted.Info.Adapters);
        Assert.Contains(adapted.Info.HeldWeights, part => part.StoredAs == "BF16 with adapter");
    }

    [Fact]
    public void Several_adapters_are_added_in_order()
    {
        string second = _directory.PathOf("second");
        AdapterWriter.Write(TinyCheckpoint.Directory, Adapter, new AdapterOptions { Seed = 1 }, _directory.PathOf("once"));
        AdapterWriter.Write(_directory.PathOf("once"), second, new AdapterOptions { Seed = 2, Rank = 3 }, Merged);

        AssertMerged(CheckpointFinder.Find(TinyCheckpoint.Directory, null, [Adapter, second]), Merged);
    }

    [Theory]
    [InlineData(WeightPrecision.Stored)]
    [InlineData(WeightPrecision.Q8)]
    public void An_adapter_whose_B_is_zero_leaves_every_byte_as_it_is(WeightPrecision weights)
    {
        AdapterWriter.Write(TinyCheckpoint.Directory, Adapter, new AdapterOptions { IsZero = true }, merged: null);
        using LoadedModel plain = LoadedModel.Load(TinyCheckpoint.Directory, weights, threadCount: null, CancellationToken.None);
        using LoadedModel adapted = LoadedModel.Load(TinyCheckpoint.Directory, weights, threadCount: null, CancellationToken.None, adapters: [Adapter]);

        AssertSameBytes(plain, adapted);
    }

    // What is added is not zero, but rounds away: no detour over other numbers may change a bit.
    [Fact]
    public void An_adapter_that_adds_next_to_nothing_leaves_every_byte_as_it_is()
    {
        AdapterWriter.Write(TinyCheckpoint.Directory, Adapter, new AdapterOptions { Magnitude = 1e-30 }, merged: null);
        using LoadedModel plain = LoadedModel.Load(TinyCheckpoint.Directory, WeightPrecision.Stored, threadCount: null, CancellationToken.None);
        using LoadedModel adapted = LoadedModel.Load(TinyCheckpoint.Directory, WeightPrecision.Stored, threadCount: null, CancellationToken.None, adapters: [Adapter]);

        AssertSameBytes(plain, adapted);
    }

    [Fact]
    public void A_quantised_model_is_made_numbers_before_something_is_added()
    {
        string packed = _directory.PathOf("packed");
        string twin = _directory.PathOf("twin");
        PackagingWriter.Write(Family.All.First(family => family.Name == "mlx-4"), TinyCheckpoint.Directory, packed, twin);
        AdapterWriter.Write(twin, Adapter, new AdapterOptions(), Merged);

        AssertMerged(CheckpointFinder.Find(packed, null, [Adapter]), Merged);
    }

    [Fact]
    public async Task A_model_with_an_adapter_can_be_written_as_one_file()
    {
        AdapterWriter.Write(TinyCheckpoint.Directory, Adapter, new AdapterOptions(), Merged);
        string file = _directory.PathOf("merged.gguf");

        await ModelExporter.ExportAsync(TinyCheckpoint.Directory, file, new ExportOptions { Type = "f32", Adapters = [Adapter] });

        AssertMerged(CheckpointFinder.Find(file), Merged);
    }

    [Fact]
    public void Tensors_that_were_trained_whole_take_the_place_of_the_model_s()
    {
        StoredTensor norm = Norm(value: 1.5f);
        WriteAdapter([norm with { Name = "base_model.model.thinker.model.norm.weight" }]);
        using IWeightSource weights = CheckpointFinder.Find(TinyCheckpoint.Directory, null, [Adapter]).OpenWeights();

        using AlignedBuffer<float> values = weights.Require("thinker.model.norm.weight", norm.Shape).ReadFloats();

        Assert.All(values.Span.ToArray(), value => Assert.Equal(1.5f, value));
    }

    [Fact]
    public void The_files_of_an_adapter_are_files_of_the_model()
    {
        AdapterWriter.Write(TinyCheckpoint.Directory, Adapter, new AdapterOptions(), merged: null);

        Checkpoint checkpoint = CheckpointFinder.Find(TinyCheckpoint.Directory, null, [Adapter]);

        Assert.Equal([Path.Combine(TinyCheckpoint.Directory, "model.safetensors"), Path.Combine(Adapter, "adapter_config.json"), Path.Combine(Adapter, "adapter_model.safetensors")], checkpoint.Files);
        Assert.Equal([Adapter], checkpoint.Adapters);
    }

    [Fact]
    public void A_tensor_that_belongs_to_none_of_the_model_is_named()
    {
        AssertFault("base_model.model.thinker.model.layers.99.mlp.up_proj.lora_A.weight", "a tensor of the adapter belongs to none of the model", Pair("thinker.model.layers.99.mlp.up_proj", 384, 128));
        AssertFault("base_model.model.thinker.router.weight", "a tensor of the adapter belongs to none of the model", [.. Pair("thinker.model.layers.0.mlp.up_proj", 384, 128), Norm(1) with { Name = "base_model.model.thinker.router.weight" }]);
        AssertFault("base_model.model.thinker.model.embed_tokens.lora_embedding_A", "a tensor of the adapter belongs to none of the model", [Norm(1) with { Name = "base_model.model.thinker.model.embed_tokens.lora_embedding_A" }]);
        AssertFault("lora_magnitude_vector", "a tensor of the adapter belongs to none of the model", [Norm(1) with { Name = "base_model.model.thinker.model.layers.0.mlp.up_proj.lora_magnitude_vector" }]);
        AssertFault("base_model.model.thinker.lm_head.weight", "a tensor of the adapter belongs to none of the model", [Norm(1) with { Name = "base_model.model.thinker.lm_head.weight" }]);
    }

    [Fact]
    public void Shapes_ranks_and_halves_are_checked()
    {
        AssertFault("lora_A.weight", "a matrix of the adapter does not fit the model and the rank in adapter_config.json", Pair("thinker.model.layers.0.mlp.up_proj", 384, 127));
        AssertFault("lora_B.weight", "a matrix of the adapter does not fit the model and the rank in adapter_config.json", Pair("thinker.model.layers.0.mlp.up_proj", 383, 128));
        AssertFault("expected shape [8, 128]; found shape [4, 128]", "a matrix of the adapter does not fit the model and the rank in adapter_config.json", Pair("thinker.model.layers.0.mlp.up_proj", 384, 128, rank: 4));
        AssertFault("thinker.model.layers.0.mlp.up_proj.lora_B.weight", "half of a product of the adapter is missing", Pair("thinker.model.layers.0.mlp.up_proj", 384, 128)[..1]);
        AssertFault("those of convolutions are not applied", "a matrix of the adapter does not fit the model", [TestFloats("base_model.model.thinker.audio_tower.conv2d2.lora_A.weight", [8, 48, 3, 3])]);
        AssertFault("expected shape [128]; found shape [64]", "a tensor of the adapter has another shape than that of the model", [TestFloats("base_model.model.thinker.model.norm.weight", [64])]);
        AssertFault("the adapter has no tensors", "the adapter has no tensors", []);
        StoredTensor[] pair = Pair("thinker.model.layers.0.mlp.up_proj", 384, 128);
        AssertFault("the adapter has the same matrix twice", "the adapter has the same matrix twice", [.. pair, pair[0] with { Name = "thinker.model.layers.0.mlp.up_proj.lora_A.default.weight" }]);
    }

    [Fact]
    public void A_directory_that_is_no_adapter_says_what_it_is()
    {
        AssertOpenFault(_directory.PathOf("absent"), "there is no such directory for an adapter");
        AssertOpenFault(TinyCheckpoint.Directory, "this is a whole model, not an adapter: name it with --model");
        Directory.CreateDirectory(Adapter);
        AssertOpenFault(Adapter, "the adapter is not whole; expected a directory with adapter_config.json and adapter_model.safetensors; found no adapter_config.json and no adapter_model.safetensors");
        File.WriteAllText(Path.Combine(Adapter, "adapter_config.json"), new AdapterOptions().Config());
        File.WriteAllText(Path.Combine(Adapter, "adapter_model.bin"), "x");
        AssertOpenFault(Adapter, "the adapter's weights are a pickle, which Steno does not read since it may run code");
        File.Move(Path.Combine(Adapter, "adapter_model.bin"), Path.Combine(Adapter, "adapters.safetensors"));
        AssertOpenFault(Adapter, "this is an adapter of mlx-lm, which Steno does not read");
    }

    [Fact]
    public void An_adapter_named_as_a_model_says_so()
    {
        AdapterWriter.Write(TinyCheckpoint.Directory, Adapter, new AdapterOptions(), merged: null);

        string message = Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(Adapter)).Message;

        Assert.Contains("this is an adapter, which goes with a model: name the model, and this with --adapter", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("peft_type", "\"IA3\"", "an adapter of the kind IA3")]
    [InlineData("use_dora", "true", "DoRA, whose magnitudes are no sum of products (use_dora)")]
    [InlineData("lora_bias", "true", "a bias beside its products (lora_bias)")]
    [InlineData("layer_replication", "[[0,2]]", "repeated layers (layer_replication)")]
    [InlineData("alora_invocation_tokens", "[1,2]", "an adapter that begins in the middle of a text (alora_invocation_tokens)")]
    [InlineData("init_lora_weights", "\"pissa_niter_4\"", "an adapter whose training began with changed weights of the model (init_lora_weights \"pissa_niter_4\")")]
    public void An_adapter_of_another_kind_is_refused_by_name(string key, string value, string what)
    {
        WriteAdapter(Pair("thinker.model.layers.0.mlp.up_proj", 384, 128), (key, value));

        string message = Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(TinyCheckpoint.Directory, null, [Adapter])).Message;

        Assert.Contains($"adapter_config.json: this is {what}", message, StringComparison.Ordinal);
        Assert.EndsWith("Merge it with PEFT and name the merged model.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r", "0", "r cannot be used; expected a whole number from 1 to 16384; found 0")]
    [InlineData("lora_alpha", "null", "lora_alpha is missing")]
    [InlineData("rank_pattern", """{"(":4}""", "rank_pattern has a pattern that cannot be used")]
    [InlineData("rank_pattern", """{"(?<=x)y":4}""", "rank_pattern has a pattern that cannot be used")]
    [InlineData("alpha_pattern", """{"q_proj":"x"}""", "alpha_pattern.q_proj cannot be used")]
    public void A_configuration_that_cannot_be_used_is_a_fault(string key, string value, string message)
    {
        WriteAdapter(Pair("thinker.model.layers.0.mlp.up_proj", 384, 128), (key, value));

        AssertOpenFault(Adapter, message);
    }

    private static AdapterOptions OptionsOf(string variant) => variant switch
    {
        "stabilised" => new AdapterOptions { IsRankStabilised = true, Rank = 5 },
        "patterns" => new AdapterOptions
        {
            RankPattern = new Dictionary<string, int> { ["layers.0.mlp.up_proj"] = 3, ["q_proj"] = 5 },
            AlphaPattern = new Dictionary<string, double> { ["layers.1.self_attn.v_proj"] = 2.5 },
        },
        "port" => new AdapterOptions { KeyOf = module => "base_model.model." + TinyCheckpoint.PortName(module + ".")[..^1] },
        "bare" => new AdapterOptions { KeyOf = module => module },
        "encoder" => new AdapterOptions { IsAdapted = name => name.Contains("audio_tower", StringComparison.Ordinal) && !name.Contains("conv2d", StringComparison.Ordinal) },
        "inner" => new AdapterOptions { KeyOf = module => "base_model.model." + module["thinker.".Length..] },
        _ => new AdapterOptions(),
    };

    private static void AssertMerged(Checkpoint checkpoint, string merged)
    {
        using IWeightSource weights = checkpoint.OpenWeights();
        using IWeightSource expected = CheckpointDirectory.Open(merged).OpenWeights();
        foreach ((string name, long[] shape) in ModelTensors.Of(checkpoint.Config))
        {
            using AlignedBuffer<float> actual = weights.Require(name, shape).ReadFloats();
            using AlignedBuffer<float> original = expected.Require(name, shape).ReadFloats();
            float largest = original.Span.ToArray().Max(MathF.Abs);
            for (int i = 0; i < actual.Length; i++)
            {
                if (MathF.Abs(actual.Span[i] - original.Span[i]) > 1e-6f * largest) Assert.Fail($"{name}[{i}]: {actual.Span[i]:R} instead of {original.Span[i]:R}");
            }
        }
    }

    private static unsafe void AssertSameBytes(LoadedModel expected, LoadedModel actual)
    {
        Assert.Equal(expected.Weights.ByteCount, actual.Weights.ByteCount);
        foreach ((PackedMatrix a, PackedMatrix b) in Matrices(expected).Zip(Matrices(actual)))
        {
            Assert.Equal(a.Format, b.Format);
            Assert.True(new ReadOnlySpan<byte>(a.Panel(0), (int)a.ByteCount).SequenceEqual(new ReadOnlySpan<byte>(b.Panel(0), (int)b.ByteCount)));
        }
    }

    private static IEnumerable<PackedMatrix> Matrices(LoadedModel model) =>
        [.. model.Weights.Text.Layers.SelectMany(layer => new[] { layer.QueryKeyValue, layer.OProj, layer.GateUp, layer.DownProj }), .. model.Weights.Audio.Layers.SelectMany(layer => new[] { layer.QueryKeyValue.Weight, layer.OutProj.Weight, layer.Fc1.Weight, layer.Fc2.Weight })];

    private static StoredTensor TestFloats(string name, long[] shape) => new(name, "F32", shape, new byte[4 * shape.Aggregate(1L, (product, dimension) => product * dimension)]);

    private static StoredTensor Norm(float value) => new("norm", "F32", [128], [.. Enumerable.Repeat(value, 128).SelectMany(BitConverter.GetBytes)]);

    private static StoredTensor[] Pair(string module, long rows, long columns, long rank = 8) =>
        [TestFloats($"base_model.model.{module}.lora_A.weight", [rank, columns]), TestFloats($"base_model.model.{module}.lora_B.weight", [rows, rank])];

    private void AssertFault(string found, string problem, StoredTensor[] tensors)
    {
        WriteAdapter(tensors);
        string message = Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(TinyCheckpoint.Directory, null, [Adapter])).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.Contains(found, message, StringComparison.Ordinal);
    }

    private static void AssertOpenFault(string adapter, string message) =>
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(TinyCheckpoint.Directory, null, [adapter])).Message, StringComparison.Ordinal);

    private void WriteAdapter(StoredTensor[] tensors, params (string Key, string Value)[] changes)
    {
        Directory.CreateDirectory(Adapter);
        JsonObject config = JsonNode.Parse(new AdapterOptions().Config())!.AsObject();
        foreach ((string key, string value) in changes) config[key] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(Adapter, "adapter_config.json"), config.ToJsonString());
        File.WriteAllBytes(Path.Combine(Adapter, "adapter_model.safetensors"), SafetensorsWriter.Write(tensors));
    }
}
