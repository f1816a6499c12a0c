using Steno.Checkpoints;
using Steno.Files;
using Steno.Kernels;
using Steno.Loading;
using Steno.Packing;
using Steno.Threading;

namespace Steno;

/// <summary>Writes a model as it lies in memory, so that loading it takes no time.</summary>
/// <remarks>
/// <see cref="AsrModel.Load"/> finds the file beside the checkpoint and uses it as long as it fits the checkpoint and this version of Steno. Without it everything
/// works as well and a load takes a second or more.
/// </remarks>
public static class ModelPacker
{
    /// <summary>Ends the name of a packed model.</summary>
    public const string Suffix = PackedLayout.Suffix;

    /// <summary>Packs a model.</summary>
    /// <param name="nameOrPath">The model, as <see cref="AsrModel.Load"/> takes it.</param>
    /// <param name="options">What to write, and where; null for the defaults.</param>
    /// <param name="cancellationToken">Stops it; the file that was there before stays.</param>
    /// <returns>The file that was written.</returns>
    /// <exception cref="ModelFormatException">The model is not installed, or a file of it is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is not a Qwen3-ASR model, or in a variant that Steno does not run.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static PackedModelFile Pack(string nameOrPath, PackOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        options ??= new PackOptions();
        KernelPaths.RequireValidVariable();
        Checkpoint checkpoint = CheckpointFinder.Find(ModelLocation.PathOf(nameOrPath), options.CompanionPath);
        string path = Path.GetFullPath(options.OutputPath ?? PackedPlace.PathOf(checkpoint, options.Weights));
        WorkerPool? ownPool = options.ThreadCount is { } count ? new WorkerPool(count) : null;
        try
        {
            path = FileLinks.Resolve(path);
            RequireOther(path, checkpoint);
            WholeFile.DeleteLeftOvers(path);
            long byteCount = PackedFileWriter.Write(checkpoint, options.Weights, path, ownPool ?? WorkerPool.Shared, cancellationToken);
            return new PackedModelFile(path, byteCount);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: the packed model cannot be written: {FileFault.ReasonOf(exception)}", exception);
        }
        finally
        {
            ownPool?.Dispose();
        }
    }

    /// <summary>Whether the packed file that <see cref="AsrModel.Load"/> would look for is there and goes with the model's files as they are.</summary>
    /// <param name="nameOrPath">The model, as <see cref="AsrModel.Load"/> takes it.</param>
    /// <param name="weights">Number format of the weights.</param>
    /// <exception cref="ModelFormatException">The model is not installed, or a file of it is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is not a Qwen3-ASR model, or in a variant that Steno does not run.</exception>
    public static bool IsPacked(string nameOrPath, WeightPrecision weights = WeightPrecision.Auto)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        Checkpoint checkpoint = CheckpointFinder.Find(ModelLocation.PathOf(nameOrPath));
        try
        {
            return PackedModel.IsFitting(checkpoint, PackedPlace.PathOf(checkpoint, weights), weights);
        }
        catch (Exception exception) when (exception is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void RequireOther(string path, Checkpoint checkpoint)
    {
        var read = new FileSet();
        foreach (string source in PackedPlace.SourcesOf(checkpoint)) read.Add(source);
        if (Directory.Exists(path)) throw new IOException("it is a folder");
        if (read.Find(path) is not null) throw new IOException("it is a file of the model");
    }
}
