namespace Steno.Tests.Checkpoints;

/// <summary>A directory of each layout that Qwen3-ASR is published in transcribes, with the fewest files that are ever fetched and with all.</summary>
public sealed class PublishedLayoutTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task One_file_as_the_0_6B_is_published()
    {
        List<StoredTensor> tensors = Qwen2SizedCheckpoint.Tensors();
        _directory.Write("model.safetensors", SafetensorsWriter.Write(tensors));
        Qwen2SizedCheckpoint.WriteSmallFiles(_directory, hasPortConfig: false);

        await AssertTranscribesAsync();
    }

    // The published files store the head although it is tied to the embedding.
    [Fact]
    public async Task Two_shards_and_an_index_as_the_1_7B_is_published()
    {
        List<StoredTensor> tensors = Qwen2SizedCheckpoint.Tensors();
        tensors.Add(tensors.Single(tensor => tensor.Name == "thinker.model.embed_tokens.weight") with { Name = "thinker.lm_head.weight" });
        TinyCheckpoint.WriteShards(_directory, tensors, shardCount: 2, withIndex: true);
        Qwen2SizedCheckpoint.WriteSmallFiles(_directory, hasPortConfig: false);

        await AssertTranscribesAsync();
    }

    [Fact]
    public async Task Names_and_configuration_of_the_native_port()
    {
        List<StoredTensor> tensors = [.. Qwen2SizedCheckpoint.Tensors().Select(tensor => tensor with { Name = TinyCheckpoint.PortName(tensor.Name) })];
        _directory.Write("model.safetensors", SafetensorsWriter.Write(tensors));
        Qwen2SizedCheckpoint.WriteSmallFiles(_directory, hasPortConfig: true);

        await AssertTranscribesAsync();
    }

    [Fact]
    public async Task Without_its_added_tokens_a_vocabulary_of_another_size_is_refused()
    {
        TinyCheckpoint.Copy(_directory, "config.json", "generation_config.json", "model.safetensors", "vocab.json", "merges.txt");

        var fault = await Assert.ThrowsAsync<ModelFormatException>(() => TranscribeAsync("english-1"));

        Assert.Contains("the added tokens are unknown", fault.Message, StringComparison.Ordinal);
    }

    private async Task AssertTranscribesAsync()
    {
        await AssertTextsAsync();
        Qwen2SizedCheckpoint.WriteOtherFiles(_directory);
        await AssertTextsAsync();
    }

    private async Task AssertTextsAsync()
    {
        using AsrModel model = AsrModel.Load(_directory.Path);
        foreach (string name in new[] { "english-1", "chinese-2" })
        {
            Transcript transcript = await model.TranscribeAsync(Samples.AudioPath(name), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(Samples.Text(name), transcript.Text);
            Assert.Equal(name.StartsWith('e') ? "English" : "Chinese", transcript.Language);
        }
    }

    private async Task<Transcript> TranscribeAsync(string name)
    {
        using AsrModel model = AsrModel.Load(_directory.Path);
        return await model.TranscribeAsync(Samples.AudioPath(name), cancellationToken: TestContext.Current.CancellationToken);
    }
}
