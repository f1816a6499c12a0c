namespace Steno;

/// <summary>What <see cref="ModelPacker"/> writes.</summary>
public sealed record PackOptions
{
    /// <summary>Number format of the weights; a model that is loaded with another does not use the file. Default: <see cref="WeightPrecision.Auto"/>.</summary>
    public WeightPrecision Weights { get; init; } = WeightPrecision.Auto;

    /// <summary>The file to write, whole or not at all; null for the place beside the checkpoint where it is looked for.</summary>
    public string? OutputPath { get; init; }

    /// <summary>The other file of a model that is a pair of GGUF files; null to look for it beside the first.</summary>
    public string? CompanionPath { get; init; }

    /// <summary>Threads that compute, at least 1; null (the default) for the shared pool.</summary>
    public int? ThreadCount { get; init; }
}
