using Steno.Loading;
using Steno.Tests.Checkpoints;

namespace Steno.Tests.Loading;

public sealed class StopTokensTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    // 1115 is <|endoftext|>, 1116 <|im_start|> and 1117 <|im_end|>, with which a turn ends in any case.
    [Theory]
    [InlineData("""{"eos_token_id": [1115, 1117]}""", new[] { 1115, 1117 })]
    [InlineData("""{"eos_token_id": 1117}""", new[] { 1117 })]
    [InlineData("""{"eos_token_id": [1117]}""", new[] { 1117 })]
    [InlineData("""{"eos_token_id": 1115}""", new[] { 1115, 1117 })]
    [InlineData("""{"eos_token_id": [1117, 1115, 1116]}""", new[] { 1117, 1115, 1116 })]
    [InlineData("""{"do_sample": false}""", new[] { 1115, 1117 })]
    public void The_ids_of_the_checkpoint_end_a_text(string json, int[] expected)
    {
        using LoadedModel model = Load(json);

        Assert.Equal(expected, model.StopTokenIds);
    }

    // Those of another vocabulary are words here, or none of the tokens that the model ends with: control text would follow.
    [Theory]
    [InlineData("""{"eos_token_id": [1004, 1006]}""", "1004, 1006")]
    [InlineData("""{"eos_token_id": [1115, 7]}""", "1115, 7")]
    [InlineData("""{"eos_token_id": 1116}""", "1116")]
    [InlineData("""{"eos_token_id": [1, 2, 3, 4, 5]}""", "1, 2, 3, 4, ...")]
    public void Ids_of_another_vocabulary_are_refused_with_the_name_of_the_file(string json, string found)
    {
        var fault = Assert.Throws<ModelFormatException>(() => Load(json));

        Assert.Equal(_directory.PathOf("generation_config.json"), fault.File);
        Assert.Contains($"'eos_token_id' names tokens that end no text of this model: the file is another model's; expected 1115 (<|endoftext|>), 1117 (<|im_end|>), or both; found {found}", fault.Message, StringComparison.Ordinal);
    }

    private LoadedModel Load(string json)
    {
        TinyCheckpoint.Copy(_directory, "config.json", "model.safetensors", "vocab.json", "merges.txt", "tokenizer_config.json");
        _directory.Write("generation_config.json", json);
        return LoadedModel.Load(_directory.Path, WeightPrecision.Stored, threadCount: null, CancellationToken.None);
    }
}
