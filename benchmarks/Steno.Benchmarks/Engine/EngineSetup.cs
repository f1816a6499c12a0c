namespace Steno.Benchmarks.Engine;

/// <summary>What is measured.</summary>
internal sealed record EngineSetup
{
    public required string Model { get; init; }

    public required string Audio { get; init; }

    public required WeightPrecision Weights { get; init; }

    public required int ThreadCount { get; init; }

    /// <summary>Length of the long clip.</summary>
    public required int Minutes { get; init; }

    public required int RoundCount { get; init; }
}
