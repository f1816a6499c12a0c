using System.Text.Json;
using Steno.Benchmarks.Growing;

namespace Steno.Benchmarks.Tests.Growing;

public sealed class CheckpointGrowerTests
{
    private static readonly string BuiltIn = Repository.PathOf("models", "tiny-asr");

    // Twice as wide in the language model and three times in the encoder; layers added to both.
    private static readonly ModelSize Miniature = new()
    {
        AudioWidth = 384,
        AudioLayerCount = 6,
        AudioHeadCount = 6,
        AudioFeedForwardWidth = 1024,
        ConvChannelCount = 96,
        TextWidth = 256,
        TextLayerCount = 7,
        TextHeadCount = 4,
        TextKvHeadCount = 2,
        TextFeedForwardWidth = 1152,
        VocabularySize = 1150,
        ShardCount = 1,
    };

    [Fact]
    public async Task A_grown_model_writes_the_same_text_for_every_recording()
    {
        using var directory = new TemporaryDirectory();
        string grown = directory.PathOf("grown");
        CheckpointGrower.Grow(BuiltIn, grown, Miniature, tokenizerDirectory: null, seed: 1, TestContext.Current.CancellationToken);

        using AsrModel model = AsrModel.Load(grown);
        foreach (string text in Directory.GetFiles(Repository.PathOf("samples", "audio"), "*.txt"))
        {
            Transcript transcript = await model.TranscribeAsync(Path.ChangeExtension(text, ".wav"), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(File.ReadAllText(text).Trim(), transcript.Text);
        }
    }

    [Fact]
    public async Task A_model_grown_to_the_vocabulary_of_the_published_models_in_two_files_writes_the_same_text()
    {
        string tokenizer = Repository.RequireShared("data", "tokenizer");
        using var directory = new TemporaryDirectory();
        string grown = directory.PathOf("grown");
        ModelSize size = Miniature with { AudioLayerCount = 4, TextLayerCount = 4, ConvChannelCount = 48, AudioWidth = 128, AudioHeadCount = 2, AudioFeedForwardWidth = 512, VocabularySize = 151936, ShardCount = 2 };
        CheckpointGrower.Grow(BuiltIn, grown, size, tokenizer, seed: 1, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
            Directory.GetFiles(grown, "*.safetensors").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        using AsrModel model = AsrModel.Load(grown);
        foreach (string name in new[] { "chinese-1", "english-2", "german-1", "spanish-1" })
        {
            Transcript transcript = await model.TranscribeAsync(Repository.PathOf("samples", "audio", name + ".wav"), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(File.ReadAllText(Repository.PathOf("samples", "audio", name + ".txt")).Trim(), transcript.Text);
        }
    }

    // Counts of the published checkpoints.
    [Theory]
    [InlineData("0.6b", 612, 938_008_576)]
    [InlineData("1.7b", 708, 2_349_217_408)]
    public void The_full_sizes_have_as_many_tensors_and_weights_as_the_published_models(string size, int tensorCount, long weightCount)
    {
        IReadOnlyList<TensorRecipe> tensors = CheckpointGrower.Plan(BuiltIn, size == "0.6b" ? ModelSize.Qwen06B : ModelSize.Qwen17B, tokenizerDirectory: null, seed: 1);

        Assert.Equal(tensorCount, tensors.Count);
        Assert.Equal(tensorCount, tensors.Select(tensor => tensor.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(weightCount, tensors.Sum(tensor => tensor.ElementCount));
    }

    [Fact]
    public void The_configuration_names_the_dimensions_and_the_ids_of_the_larger_tokenizer()
    {
        string tokenizer = Repository.RequireShared("data", "tokenizer");
        using var directory = new TemporaryDirectory();
        ModelSize size = Miniature with { AudioLayerCount = 4, TextLayerCount = 4, ConvChannelCount = 48, TextWidth = 128, VocabularySize = 151936 };
        CheckpointGrower.Grow(BuiltIn, directory.PathOf("grown"), size, tokenizer, seed: 1, TestContext.Current.CancellationToken);

        using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(directory.PathOf("grown", "config.json")));
        JsonElement thinker = config.RootElement.GetProperty("thinker_config");
        Assert.Equal([151669, 151670, 151676], new[] { "audio_start_token_id", "audio_end_token_id", "audio_token_id" }.Select(name => thinker.GetProperty(name).GetInt32()));
        Assert.Equal([384, 4, 6, 1024, 48, 128], Integers(thinker.GetProperty("audio_config"), "d_model", "encoder_layers", "encoder_attention_heads", "encoder_ffn_dim", "downsample_hidden_size", "output_dim"));
        Assert.Equal([128, 4, 4, 2, 128, 1152, 151936], Integers(thinker.GetProperty("text_config"), "hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", "intermediate_size", "vocab_size"));

        using JsonDocument generation = JsonDocument.Parse(File.ReadAllBytes(directory.PathOf("grown", "generation_config.json")));
        Assert.Equal([151643, 151645], generation.RootElement.GetProperty("eos_token_id").EnumerateArray().Select(id => id.GetInt32()));
    }

    [Fact]
    public void Heads_of_another_width_or_grouping_are_refused()
    {
        Assert.Contains("64 wide", Assert.Throws<BenchmarkException>(() => CheckpointGrower.Plan(BuiltIn, Miniature with { AudioHeadCount = 4 }, null, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("2 query heads", Assert.Throws<BenchmarkException>(() => CheckpointGrower.Plan(BuiltIn, Miniature with { TextKvHeadCount = 4 }, null, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_cannot_hold_the_small_model_are_refused()
    {
        Assert.Contains("layers", Assert.Throws<BenchmarkException>(() => CheckpointGrower.Plan(BuiltIn, Miniature with { TextLayerCount = 3 }, null, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("1123 tokens", Assert.Throws<BenchmarkException>(() => CheckpointGrower.Plan(BuiltIn, Miniature with { VocabularySize = 1000 }, null, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_is_not_empty_is_left_alone()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("note.txt", "mine");

        Assert.Throws<BenchmarkException>(() => CheckpointGrower.Grow(BuiltIn, directory.Path, Miniature, null, 1, TestContext.Current.CancellationToken));
        Assert.Equal("note.txt", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(directory.Path))));
    }

    private static IEnumerable<int> Integers(JsonElement element, params string[] names) => names.Select(name => element.GetProperty(name).GetInt32());
}
