using Steno.Checkpoints;
using Steno.Loading;
using Steno.Packing;
using Steno.Tests.Checkpoints;
using Steno.Threading;

namespace Steno.Tests.Packing;

/// <summary>A copy of the built-in model with a packed file beside it.</summary>
internal sealed class PackedCheckpoint : IDisposable
{
    private static readonly string[] Names = ["config.json", "generation_config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "tokenizer_config.json", "vocab.json"];

    private readonly TemporaryDirectory _directory = new();

    public PackedCheckpoint(WeightPrecision weights = WeightPrecision.Q8)
    {
        Weights = weights;
        foreach (string name in Names.Where(name => File.Exists(Path.Combine(TinyCheckpoint.Directory, name)))) File.Copy(Path.Combine(TinyCheckpoint.Directory, name), _directory.PathOf(name));
        Checkpoint checkpoint = CheckpointFinder.Find(Directory);
        PackedFile = PackedPlace.PathOf(checkpoint, weights);
        PackedFileWriter.Write(checkpoint, weights, PackedFile, WorkerPool.Shared, TestContext.Current.CancellationToken);
    }

    public WeightPrecision Weights { get; }

    public string Directory => _directory.Path;

    /// <summary>The packed file.</summary>
    public string PackedFile { get; }

    public string PathOf(string name) => _directory.PathOf(name);

    public LoadedModel Load(bool usesPackedFile = true) =>
        LoadedModel.Load(Directory, Weights, threadCount: null, TestContext.Current.CancellationToken, usesPackedFile: usesPackedFile);

    public void Dispose() => _directory.Dispose();
}
