namespace Steno.Benchmarks.Stages;

/// <summary>What to measure.</summary>
internal sealed record StageSetup
{
    /// <summary>Checkpoint directory.</summary>
    public required string Model { get; init; }

    /// <summary>Audio file.</summary>
    public required string Audio { get; init; }

    /// <summary>Decode steps after the first token. Stop tokens do not end them.</summary>
    public required int StepCount { get; init; }

    public required int ThreadCount { get; init; }

    public required int RepeatCount { get; init; }

    public required int WarmupCount { get; init; }

    public required WeightPrecision Weights { get; init; }

    public required AttentionMode Attention { get; init; }
}
