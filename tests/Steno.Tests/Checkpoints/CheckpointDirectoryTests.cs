using System.Text.Json.Nodes;
using Steno.Checkpoints;
using Steno.Tensors;

namespace Steno.Tests.Checkpoints;

public sealed class CheckpointDirectoryTests : IDisposable
{
    private static readonly List<StoredTensor> Tensors = TinyCheckpoint.ReadTensors();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_complete_checkpoint_names_all_its_files()
    {
        CheckpointDirectory checkpoint = CheckpointDirectory.Open(TinyCheckpoint.Directory);

        Assert.Equal(TinyCheckpoint.Directory, checkpoint.Directory);
        Assert.Equal(Path.Combine(TinyCheckpoint.Directory, "vocab.json"), checkpoint.VocabularyFile);
        Assert.Equal(Path.Combine(TinyCheckpoint.Directory, "merges.txt"), checkpoint.MergesFile);
        Assert.Equal(Path.Combine(TinyCheckpoint.Directory, "tokenizer_config.json"), checkpoint.TokenizerConfigFile);
        Assert.Null(checkpoint.TokenizerFile);
        Assert.Equal([1115, 1117], checkpoint.StopTokenIds);
        AssertSameTensors(checkpoint, "BF16");
    }

    // What the downloader of the C program qwen_asr fetches.
    [Fact]
    public void A_minimal_checkpoint_is_enough()
    {
        TinyCheckpoint.Copy(_directory, "config.json", "generation_config.json", "model.safetensors", "vocab.json", "merges.txt");

        CheckpointDirectory checkpoint = CheckpointDirectory.Open(_directory.Path);

        Assert.Null(checkpoint.TokenizerConfigFile);
        Assert.Equal([1115, 1117], checkpoint.StopTokenIds);
        AssertSameTensors(checkpoint, "BF16");
    }

    [Fact]
    public void Even_generation_config_may_be_absent()
    {
        TinyCheckpoint.Copy(_directory, "config.json", "model.safetensors");

        Assert.Null(CheckpointDirectory.Open(_directory.Path).StopTokenIds);
    }

    [Theory]
    [InlineData("BF16", false, 1, true)]
    [InlineData("BF16", false, 3, true)]
    [InlineData("BF16", false, 2, false)]
    [InlineData("F32", false, 2, true)]
    [InlineData("F16", false, 0, true)]
    [InlineData("BF16", true, 0, true)]
    [InlineData("F32", true, 2, true)]
    [InlineData("F16", true, 4, false)]
    public void Every_form_of_a_checkpoint_gives_the_same_values(string dtype, bool hasPortNames, int shardCount, bool withIndex)
    {
        List<StoredTensor> tensors = [.. Tensors.Select(tensor => TinyCheckpoint.ConvertTo(dtype, tensor))];
        if (hasPortNames) tensors = [.. tensors.Select(tensor => tensor with { Name = TinyCheckpoint.PortName(tensor.Name) })];
        if (shardCount == 0) _directory.Write("model.safetensors", SafetensorsWriter.Write(tensors));
        else TinyCheckpoint.WriteShards(_directory, tensors, shardCount, withIndex);
        _directory.Write("config.json", (hasPortNames ? TinyCheckpoint.ReadFlatConfig() : TinyCheckpoint.ReadConfig()).ToJsonString());

        CheckpointDirectory checkpoint = CheckpointDirectory.Open(_directory.Path);

        Assert.Equal(4, checkpoint.Config.Audio.LayerCount);
        AssertSameTensors(checkpoint, dtype);
    }

    [Fact]
    public void A_single_file_wins_over_shards()
    {
        TinyCheckpoint.Copy(_directory, "config.json", "model.safetensors");
        _directory.Write("model-00001-of-00002.safetensors", "broken");
        _directory.Write("model.safetensors.index.json", "broken");

        using IWeightSource weights = CheckpointDirectory.Open(_directory.Path).OpenWeights();

        Assert.Equal(_directory.PathOf("model.safetensors"), weights.Location);
    }

    [Fact]
    public void A_message_about_a_renamed_tensor_names_it_as_its_file_does()
    {
        StoredTensor[] tensors = [.. Tensors.Select(tensor => tensor with { Name = TinyCheckpoint.PortName(tensor.Name) })];
        _directory.Write("model.safetensors", SafetensorsWriter.Write(tensors));
        _directory.Write("config.json", TinyCheckpoint.ReadFlatConfig().ToJsonString());
        using IWeightSource weights = CheckpointDirectory.Open(_directory.Path).OpenWeights();

        Assert.Equal("model.multi_modal_projector.linear_1.bias", weights.Require("thinker.audio_tower.proj1.bias", 128).Name);
        Assert.Equal(_directory.PathOf("model.safetensors"), weights.Location);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_named()
    {
        string path = _directory.PathOf("absent");

        AssertFault(path, $"{path}: there is no such directory; expected a checkpoint directory with config.json; found nothing.");
    }

    [Fact]
    public void A_file_is_no_checkpoint_directory()
    {
        string path = _directory.Write("model.safetensors", "x");

        AssertFault(path, $"{path}: this is a file; expected a checkpoint directory with config.json; found a file.");
    }

    [Fact]
    public void A_directory_without_config_is_refused()
    {
        TinyCheckpoint.Copy(_directory, "model.safetensors");

        AssertFault(_directory.Path, $"{_directory.Path}: the directory has no config.json; expected a checkpoint directory with config.json; found no file of that name.");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("model-final.safetensors")]
    public void A_directory_without_weights_says_which_files_would_do(string? otherFile)
    {
        TinyCheckpoint.Copy(_directory, "config.json");
        if (otherFile is not null) _directory.Write(otherFile, SafetensorsWriter.Write(Tensors));

        AssertFault(
            _directory.Path,
            $"{_directory.Path}: the checkpoint directory has no weights; expected model.safetensors, or model.safetensors.index.json with its shards, or model-00001-of-0000N.safetensors and so on; found none of these.");
    }

    [Fact]
    public void Another_front_end_is_refused()
    {
        TinyCheckpoint.Copy(_directory, "config.json", "model.safetensors");
        _directory.Write("preprocessor_config.json", """{"sampling_rate":8000}""");

        Assert.Throws<UnsupportedModelException>(() => CheckpointDirectory.Open(_directory.Path));
    }

    [Fact]
    public void A_stop_token_outside_the_vocabulary_is_refused()
    {
        TinyCheckpoint.Copy(_directory, "config.json", "model.safetensors");
        _directory.Write("generation_config.json", """{"eos_token_id":151645}""");

        Assert.Contains("eos_token_id cannot be used; expected a whole number from 0 to 1122; found 151645", Assert.Throws<ModelFormatException>(() => CheckpointDirectory.Open(_directory.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_that_contradicts_the_weights_is_found_when_a_tensor_is_asked_for()
    {
        TinyCheckpoint.Copy(_directory, "model.safetensors");
        JsonObject config = TinyCheckpoint.ReadConfig();
        config["thinker_config"]!["text_config"]!["intermediate_size"] = 400;
        config["thinker_config"]!["text_config"]!["num_hidden_layers"] = 5;
        _directory.Write("config.json", config.ToJsonString());
        CheckpointDirectory checkpoint = CheckpointDirectory.Open(_directory.Path);
        using IWeightSource weights = checkpoint.OpenWeights();

        var fault = Assert.Throws<ModelFormatException>(() => weights.Require("thinker.model.layers.0.mlp.up_proj.weight", checkpoint.Config.Text.FeedForwardWidth, 128));
        Assert.Equal($"{_directory.PathOf("model.safetensors")}: the tensor has another shape than config.json calls for; tensor thinker.model.layers.0.mlp.up_proj.weight; expected shape [400, 128]; found shape [384, 128].", fault.Message);

        fault = Assert.Throws<ModelFormatException>(() => weights.Require("thinker.model.layers.4.input_layernorm.weight", 128));
        Assert.Equal($"{_directory.PathOf("model.safetensors")}: the checkpoint lacks a tensor that its config.json calls for; tensor thinker.model.layers.4.input_layernorm.weight; expected shape [128]; found no tensor of that name.", fault.Message);
    }

    private static void AssertFault(string path, string message) =>
        Assert.Equal(message, Assert.Throws<ModelFormatException>(() => CheckpointDirectory.Open(path)).Message);

    // Expected values straight from the bytes of the original file; F16 rounds the few values that it cannot hold.
    private static void AssertSameTensors(CheckpointDirectory checkpoint, string dtype)
    {
        using IWeightSource weights = checkpoint.OpenWeights();
        foreach (StoredTensor original in Tensors)
        {
            float[] expected = TinyCheckpoint.Values(original);
            if (dtype == "F16") expected = Array.ConvertAll(expected, value => (float)(Half)value);
            using AlignedBuffer<float> actual = weights.Require(original.Name, original.Shape).ReadFloats();
            Assert.True(expected.AsSpan().SequenceEqual(actual.Span), original.Name);
        }
        Assert.False(weights.TryGetTensor("thinker.lm_head.weight", out _));
    }
}
