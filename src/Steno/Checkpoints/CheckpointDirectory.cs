using System.Text.Json;
using Steno.Formats;
using Steno.Formats.Safetensors;
using Steno.Model;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Checkpoints;

/// <summary>A checkpoint in the layout of a HuggingFace repository: its files, what they say, and the way to the weights.</summary>
internal sealed class CheckpointDirectory : Checkpoint
{
    private const string AdapterConfigName = "adapter_config.json";

    // The second name is that of moona3k's converter for MLX.
    private static readonly string[] WeightsNames = ["model.safetensors", "weights.safetensors"];
    private const string IndexName = "model.safetensors.index.json";
    private const string ExpectedWeights = $"model.safetensors, or {IndexName} with its shards, or model-00001-of-0000N.safetensors and so on";

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
    public override IReadOnlyList<string> Files => FindSingle(Directory) is { } single
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

        string configPath = Path.Combine(path, ModelConfigReader.FileName);
        using JsonDocument document = JsonFile.ReadObject(configPath, ModelConfigReader.MaxBytes);
        ModelConfig config = ModelConfigReader.Read(document, configPath);
        WeightQuantization.Read(ConfigObject.Root(document, configPath), path);
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
        if (!File.Exists(Path.Combine(path, ModelConfigReader.FileName))) throw NoConfig(path, Expected);
    }

    /// <inheritdoc/>
    public override BpeTokenizer LoadTokenizer()
    {
        if (TokenizerFile is null && (VocabularyFile is null || MergesFile is null)) throw NoTokenizer();
        return TokenizerLoader.Load(VocabularyFile, MergesFile, TokenizerConfigFile, TokenizerFile);
    }

    /// <inheritdoc/>
    public override IWeightSource OpenWeights()
    {
        ISafetensors files = OpenFiles(Directory);
        try
        {
            return new CheckpointWeights(files, Config.Audio, Config.Text);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Opens the weight files of a directory as they are. The caller disposes them.</summary>
    /// <exception cref="ModelFormatException">A weight file is missing or broken.</exception>
    public static ISafetensors OpenFiles(string directory)
    {
        if (FindSingle(directory) is { } single) return SafetensorsFile.Open(single);
        string index = Path.Combine(directory, IndexName);
        if (File.Exists(index)) return ShardedSafetensors.OpenIndex(index);
        return ShardedSafetensors.OpenWithoutIndex(directory) ?? throw NoWeights(directory);
    }

    private static bool HasWeights(string directory) =>
        FindSingle(directory) is not null
        || File.Exists(Path.Combine(directory, IndexName))
        || ShardedSafetensors.AreIn(directory);

    private static ModelFormatException NoWeights(string directory) =>
        new("the checkpoint directory has no weights", directory, expected: ExpectedWeights, found: "none of these");

    private static string? FindSingle(string directory) => WeightsNames.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    // What people name instead of a checkpoint: an adapter, or the folder that a training run fills with checkpoints.
    private static ModelFormatException NoConfig(string directory, string expected)
    {
        if (File.Exists(Path.Combine(directory, AdapterConfigName)))
            return new ModelFormatException("this is an adapter, which goes with a model: name the model, and this with --adapter", directory, expected: expected, found: AdapterConfigName);
        string[] checkpoints = [.. System.IO.Directory.EnumerateDirectories(directory, "checkpoint-*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Take(5)];
        return checkpoints.Length > 0
            ? new ModelFormatException("the directory has no config.json, but checkpoints of a training run: name one of them", directory, expected: expected, found: string.Join(", ", checkpoints))
            : new ModelFormatException("the directory has no config.json", directory, expected: expected, found: "no file of that name");
    }

    // What a training run writes has its tokenizer only where its script says so.
    private ModelFormatException NoTokenizer()
    {
        string missing = VocabularyFile is null && MergesFile is null ? "vocab.json and merges.txt" : VocabularyFile is null ? "vocab.json" : "merges.txt";
        return new ModelFormatException(
            "the checkpoint has no tokenizer; copy its files from the model that this one was made from, such as Qwen/Qwen3-ASR-0.6B (steno pull 0.6b prints where they are)",
            Directory,
            expected: "vocab.json, merges.txt and tokenizer_config.json, or tokenizer.json",
            found: $"neither tokenizer.json nor {missing}");
    }

    private string? FindFile(string name)
    {
        string path = Path.Combine(Directory, name);
        return File.Exists(path) ? path : null;
    }
}
