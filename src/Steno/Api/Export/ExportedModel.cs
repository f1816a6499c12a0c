namespace Steno;

/// <summary>What an export wrote.</summary>
public sealed record ExportedModel
{
    /// <summary>The files: one, or language model and audio tower. Any of them can be loaded.</summary>
    public required IReadOnlyList<ExportedFile> Files { get; init; }

    /// <summary>How the weights are stored.</summary>
    public required IReadOnlyList<ExportedWeights> Weights { get; init; }
}
