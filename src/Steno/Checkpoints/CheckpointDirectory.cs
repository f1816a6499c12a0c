using Steno.Formats.Safetensors;
using Steno.Model;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Checkpoints;

/// <summary>A checkpoint in the layout of a HuggingFace repository: its files, what they say, and the way to the weights.</summary>
internal sealed class CheckpointDirectory : Checkpoint
{
    private const string WeightsName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";
    private const string ExpectedWeights = $"{WeightsName}, or {IndexName} with its shards, or model-00001-of-0000N.safetensors and so on";

    private CheckpointDirectory(string directory, ModelConfig config, IReadOnlyList<int>? stopTokenIds)
    {
        Directory = directory;
        Config = config;
        StopTokenIds = stopTokenIds;
    }

    /// <summary>The directory, as it was given.</summary>
    public string Directory { get; }

    /// <inheritdoc/>
    public override string Location => Directory;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => FindFile(WeightsName) is { } single
        ? [Path.GetFullPath(single)]
        : [.. System.IO.Directory.EnumerateFiles(Directory, "*.safetensors").Select(Path.GetFullPath)];

    /// <inheritdoc/>
    public override ModelConfig Config { get; }

    /// <summary>The ids that end a transcript; null when generation_config.json is absent or names none.</summary>
    public override IReadOnlyList<int>? StopTokenIds { get; }

    /// <summary>Path of vocab.json, or null when there is none.</summary>
    public string? VocabularyFile => FindFile("vocab.json");

    /// <summary>Path of merges.txt, or null when there is none.</summary>
    public string? MergesFile => FindFile("merges.txt");

    /// <summary>Path of tokenizer.json, or null when there is none.</summary>
    public string? TokenizerFile => FindFile("tokenizer.json");

    /// <summary>Path of tokenizer_config.json, or null when there is none.</summary>
    public string? TokenizerConfigFile => FindFile("tokenizer_config.json");

    /// <summary>Reads the configuration files of a checkpoint and sees that it has weights; these are not opened yet.</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="ModelFormatException">The directory or a file in it is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is none that Steno runs.</exception>
    public static CheckpointDirectory Open(string path)
    {
        RequireConfig(path);
        if (!HasWeights(path)) throw NoWeights(path);

        ModelConfig config = ModelConfigReader.Read(path);
        CheckpointFiles files = CheckpointFiles.InDirectory(path);
        PreprocessorConfig.Check(files, config.Audio.MelBinCount);
        return new CheckpointDirectory(path, config, GenerationConfigReader.ReadStopTokenIds(files, config.Text.VocabularySize));
    }

    /// <summary>Sees that a path is a directory with config.json.</summary>
    /// <exception cref="ModelFormatException">It is not.</exception>
    public static void RequireConfig(string path)
    {
        const string Expected = $"a checkpoint directory with {ModelConfigReader.FileName}";
        if (File.Exists(path)) throw new ModelFormatException("this is a file", path, expected: Expected, found: "a file");
        if (!System.IO.Directory.Exists(path))
            throw new ModelFormatException("there is no such directory", path, expected: Expected, found: "nothing");
        if (!File.Exists(Path.Combine(path, ModelConfigReader.FileName)))
            throw new ModelFormatException("the directory has no config.json", path, expected: Expected, found: "no file of that name");
    }

    /// <inheritdoc/>
    public override BpeTokenizer LoadTokenizer() =>
        TokenizerLoader.Load(VocabularyFile, MergesFile, TokenizerConfigFile, TokenizerFile);

    /// <inheritdoc/>
    public override IWeightSource OpenWeights()
    {
        IWeightSource source = OpenFiles();
        try
        {
            return HfNamedSource.IsNeededFor(source) ? new HfNamedSource(source) : source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private IWeightSource OpenFiles()
    {
        if (FindFile(WeightsName) is { } single) return SafetensorsFile.Open(single);
        if (FindFile(IndexName) is { } index) return ShardedSafetensors.OpenIndex(index);
        return ShardedSafetensors.OpenWithoutIndex(Directory) ?? throw NoWeights(Directory);
    }

    private static bool HasWeights(string directory) =>
        File.Exists(Path.Combine(directory, WeightsName))
        || File.Exists(Path.Combine(directory, IndexName))
        || ShardedSafetensors.AreIn(directory);

    private static ModelFormatException NoWeights(string directory) =>
        new("the checkpoint directory has no weights", directory, expected: ExpectedWeights, found: "none of these");

    private string? FindFile(string name)
    {
        string path = Path.Combine(Directory, name);
        return File.Exists(path) ? path : null;
    }
}
