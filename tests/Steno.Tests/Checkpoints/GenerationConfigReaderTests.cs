using Steno.Checkpoints;

namespace Steno.Tests.Checkpoints;

public sealed class GenerationConfigReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("""{"eos_token_id":[151643,151645],"pad_token_id":151643}""", new[] { 151643, 151645 })]
    [InlineData("""{"eos_token_id":[5,3,5]}""", new[] { 5, 3 })]
    [InlineData("""{"eos_token_id":7}""", new[] { 7 })]
    [InlineData("""{"eos_token_id":null}""", null)]
    [InlineData("{}", null)]
    public void Stop_tokens_are_a_number_or_a_list(string json, int[]? expected)
    {
        _directory.Write("generation_config.json", json);

        Assert.Equal(expected, GenerationConfigReader.ReadStopTokenIds(CheckpointFiles.InDirectory(_directory.Path), 151936));
    }

    [Fact]
    public void Without_the_file_there_are_no_stop_tokens() => Assert.Null(GenerationConfigReader.ReadStopTokenIds(CheckpointFiles.InDirectory(_directory.Path), 100));

    [Theory]
    [InlineData("""{"eos_token_id":[]}""", "1 to 64 whole numbers", "a list of 0")]
    [InlineData("""{"eos_token_id":"</s>"}""", "a whole number from 0 to 999", "\"</s>\"")]
    [InlineData("""{"eos_token_id":1000}""", "a whole number from 0 to 999", "1000")]
    [InlineData("""{"eos_token_id":[3,-1]}""", "a whole number from 0 to 999", "-1")]
    [InlineData("""{"eos_token_id":[3,[4]]}""", "a whole number from 0 to 999", "a list of 1")]
    public void Ids_outside_the_vocabulary_are_refused(string json, string expected, string found)
    {
        string path = _directory.Write("generation_config.json", json);

        var fault = Assert.Throws<ModelFormatException>(() => GenerationConfigReader.ReadStopTokenIds(CheckpointFiles.InDirectory(_directory.Path), 1000));

        Assert.Equal($"{path}: eos_token_id cannot be used; expected {expected}; found {found}.", fault.Message);
    }
}
