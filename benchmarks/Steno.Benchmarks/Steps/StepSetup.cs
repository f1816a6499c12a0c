namespace Steno.Benchmarks.Steps;

/// <summary>What to measure.</summary>
internal sealed record StepSetup
{
    /// <summary>Checkpoint directory.</summary>
    public required string Model { get; init; }

    public required WeightPrecision Weights { get; init; }

    public required int ThreadCount { get; init; }

    /// <summary>Positions that each sequence holds before the step.</summary>
    public required int PositionCount { get; init; }

    /// <summary>Numbers of sequences that make a step together; the first is what the others are compared with.</summary>
    public required IReadOnlyList<int> SequenceCounts { get; init; }

    /// <summary>Rounds that are measured; each makes one step with every number of sequences.</summary>
    public required int RoundCount { get; init; }
}
