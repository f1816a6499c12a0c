using Steno.Checkpoints;
using Steno.Model;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Dialects;

/// <summary>A checkpoint in one file that holds the small files of the original, config.json and the like, beside the tensors.</summary>
internal sealed class EmbeddedCheckpoint : Checkpoint
{
    private readonly BpeTokenizer _tokenizer;
    private readonly Func<IWeightSource> _open;

    private EmbeddedCheckpoint(string path, ModelConfig config, IReadOnlyList<int>? stopTokenIds, BpeTokenizer tokenizer, Func<IWeightSource> open)
    {
        Location = path;
        Config = config;
        StopTokenIds = stopTokenIds;
        _tokenizer = tokenizer;
        _open = open;
    }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => [Path.GetFullPath(Location)];

    /// <inheritdoc/>
    public override ModelConfig Config { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int>? StopTokenIds { get; }

    /// <summary>Reads what a file says of the model, and sees that every tensor of it is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">The small files in it.</param>
    /// <param name="weights">Its tensors, which are not needed afterwards.</param>
    /// <param name="loadTokenizer">Reads the tokenizer.</param>
    /// <param name="open">Opens the tensors anew.</param>
    /// <exception cref="ModelFormatException">A part is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The model is another than Qwen3-ASR, or a variant that Steno does not run.</exception>
    public static EmbeddedCheckpoint Read(string path, CheckpointFiles files, IWeightSource weights, Func<BpeTokenizer> loadTokenizer, Func<IWeightSource> open)
    {
        ModelConfig config = ModelConfigReader.Read(files);
        PreprocessorConfig.Check(files, config.Audio.MelBinCount);
        foreach ((string name, long[] shape) in ModelTensors.Of(config)) weights.Require(name, shape);
        return new EmbeddedCheckpoint(path, config, GenerationConfigReader.ReadStopTokenIds(files, config.Text.VocabularySize), loadTokenizer(), open);
    }

    /// <inheritdoc/>
    public override BpeTokenizer LoadTokenizer() => _tokenizer;

    /// <inheritdoc/>
    public override IWeightSource OpenWeights() => _open();
}
