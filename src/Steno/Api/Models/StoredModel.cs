using Steno.Checkpoints;
using Steno.Loading;

namespace Steno;

/// <summary>What the files of a model are, told without loading it: of a forced aligner, too.</summary>
public sealed record StoredModel
{
    /// <summary>The name or path that was asked about.</summary>
    public required string Name { get; init; }

    /// <summary>Full paths of the files that hold the weights.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The program or layout that the files are of, such as <c>transcribe.cpp GGUF</c>.</summary>
    public required string Family { get; init; }

    /// <summary>What the model does.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>Where it comes from: the repository and commit of a model out of the store, else what its files say of that; null when neither is known.</summary>
    public required string? Origin { get; init; }

    /// <summary>How its weights are stored, the format of most weights first. Tables that a file has beside the weights are counted with them.</summary>
    public required IReadOnlyList<StoredWeights> Weights { get; init; }

    /// <summary>Looks at the files of a model.</summary>
    /// <param name="nameOrPath">The model, as <see cref="AsrModel.Load"/> takes it, or a forced aligner.</param>
    /// <param name="companionPath">The other file of a model that is a pair of GGUF files; null to look for it beside the first.</param>
    /// <exception cref="ModelFormatException">The model is not installed, or a file of it is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The files are of a format that Steno does not read, or hold another model.</exception>
    public static StoredModel Read(string nameOrPath, string? companionPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        (string path, InstalledModel? installed) = ModelLocation.Find(nameOrPath);
        CheckpointSummary summary = CheckpointFinder.Describe(path, companionPath);
        return new StoredModel
        {
            Name = nameOrPath,
            Files = summary.Files,
            Family = summary.Family,
            Kind = summary.Kind,
            Origin = installed is not null ? $"{installed.Repository} at {installed.Commit}" : nameOrPath == AsrModel.BuiltInName ? "built in" : summary.Origin,
            Weights = [.. summary.Types.Select(type => new StoredWeights(type.Name, type.TensorCount, type.WeightCount, type.ByteCount))],
        };
    }
}
