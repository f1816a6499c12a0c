using Steno.Checkpoints;
using Steno.Loading;

namespace Steno.Tests.Checkpoints;

/// <summary>What training runs leave: folders named checkpoint-N, in most cases without a tokenizer.</summary>
public sealed class FineTuneTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_checkpoint_of_a_training_run_opens_whatever_else_lies_in_it()
    {
        string checkpoint = Write("checkpoint-500", "config.json", "generation_config.json", "model.safetensors", "vocab.json", "merges.txt", "tokenizer_config.json");
        foreach (string other in new[] { "trainer_state.json", "optimizer.pt", "scheduler.pt", "rng_state.pth", "training_args.bin" }) File.WriteAllText(Path.Combine(checkpoint, other), "x");
        using AsrModel model = AsrModel.Load(checkpoint);
        string recording = Repository.PathOf("samples", "audio", "english-2.wav");

        Assert.Equal((await File.ReadAllTextAsync(Path.ChangeExtension(recording, ".txt"))).Trim(), (await model.TranscribeAsync(recording)).Text);
    }

    [Fact]
    public void The_folder_of_a_run_names_its_checkpoints()
    {
        Write("checkpoint-500", "config.json", "model.safetensors");
        Write("checkpoint-1000", "config.json", "model.safetensors");

        string message = Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(_directory.Path)).Message;

        Assert.Contains("the directory has no config.json, but checkpoints of a training run: name one of them", message, StringComparison.Ordinal);
        Assert.Contains("found checkpoint-1000, checkpoint-500", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vocab.json and merges.txt")]
    [InlineData("merges.txt", "vocab.json")]
    [InlineData("vocab.json", "merges.txt")]
    public void A_missing_tokenizer_file_is_named_with_where_to_get_it(string missing, params string[] present)
    {
        string checkpoint = Write("checkpoint-1", ["config.json", "model.safetensors", .. present]);

        string message = Assert.Throws<ModelFormatException>(() => CheckpointDirectory.Open(checkpoint).LoadTokenizer()).Message;

        Assert.Equal(
            $"{checkpoint}: the checkpoint has no tokenizer; copy its files from the model that this one was made from, such as Qwen/Qwen3-ASR-0.6B (steno pull 0.6b prints where they are); "
            + $"expected vocab.json, merges.txt and tokenizer_config.json, or tokenizer.json; found neither tokenizer.json nor {missing}.",
            message);
    }

    private string Write(string name, params string[] files)
    {
        string directory = Directory.CreateDirectory(_directory.PathOf(name)).FullName;
        foreach (string file in files) File.Copy(Path.Combine(TinyCheckpoint.Directory, file), Path.Combine(directory, file));
        return directory;
    }
}
