using Steno.Checkpoints;

namespace Steno.Tests.Checkpoints;

public sealed class PreprocessorConfigTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_released_front_end_is_accepted()
    {
        TinyCheckpoint.Copy(_directory, "preprocessor_config.json");

        PreprocessorConfig.Check(CheckpointFiles.InDirectory(_directory.Path), 128);
    }

    [Fact]
    public void A_checkpoint_may_have_no_such_file() => PreprocessorConfig.Check(CheckpointFiles.InDirectory(_directory.Path), 128);

    [Fact]
    public void Left_overs_of_whisper_are_ignored()
    {
        _directory.Write("preprocessor_config.json", """{"chunk_length":1,"n_samples":16000,"nb_max_frames":100,"feature_size":80}""");

        PreprocessorConfig.Check(CheckpointFiles.InDirectory(_directory.Path), 80);
    }

    [Theory]
    [InlineData("sampling_rate", 8000, 16000)]
    [InlineData("n_fft", 512, 400)]
    [InlineData("hop_length", 80, 160)]
    [InlineData("feature_size", 80, 128)]
    public void Another_front_end_is_refused_in_either_file(string key, int value, int supported)
    {
        string path = _directory.Write("processor_config.json", $$$"""{"feature_extractor":{"{{{key}}}":{{{value}}}}}""");
        AssertUnsupported($"{path}: the checkpoint wants another audio front end: feature_extractor.{key} is {value}, supported is {supported}.");

        path = _directory.Write("preprocessor_config.json", $$"""{"{{key}}":{{value}}}""");
        AssertUnsupported($"{path}: the checkpoint wants another audio front end: {key} is {value}, supported is {supported}.");
    }

    private void AssertUnsupported(string message) =>
        Assert.Equal(message, Assert.Throws<UnsupportedModelException>(() => PreprocessorConfig.Check(CheckpointFiles.InDirectory(_directory.Path), 128)).Message);
}
