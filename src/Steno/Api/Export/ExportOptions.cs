namespace Steno;

/// <summary>What to write of a model, and how.</summary>
public sealed record ExportOptions
{
    /// <summary>Number formats of the weights: one of <see cref="ModelExporter.Types"/>, in any case. Default: <c>keep</c>, as the model has them.</summary>
    public string Type { get; init; } = "keep";

    /// <summary>Which program's convention to follow. Default: <see cref="ExportDialect.CrispAsr"/>, one file.</summary>
    public ExportDialect Dialect { get; init; }

    /// <summary>
    /// True to store audio tower and output head as coarsely as the rest; else the tower gets at least 8 bits a weight and the head at least 6.
    /// With fewer, long recordings were seen to end in endless repetitions.
    /// </summary>
    public bool AllowLossy { get; init; }

    /// <summary>True to replace files that are there.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The other file of a model that is a pair of GGUF files; null to look for it beside the first.</summary>
    public string? CompanionPath { get; init; }

    /// <summary>Directories of LoRA adapters that are added to the weights first, in this order. Default: none.</summary>
    public IReadOnlyList<string> Adapters { get; init; } = [];

    /// <summary>
    /// Recordings of speech, a few minutes together, on which the model is run first: weights that meet larger activations are then stored more
    /// exactly, at the expense of others. Null or empty to treat all weights alike. Loads the whole model into memory.
    /// </summary>
    public IReadOnlyList<string>? CalibrationAudio { get; init; }

    /// <summary>Threads that compute, at least 1; null for all processors.</summary>
    public int? ThreadCount { get; init; }
}
