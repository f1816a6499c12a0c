using Steno.Benchmarks.Roofs;

namespace Steno.Benchmarks.Stages;

/// <summary>All that <see cref="StageBenchmark"/> found.</summary>
internal sealed record StageResult
{
    public required StageSetup Setup { get; init; }

    /// <summary>Name of the kernel path.</summary>
    public required string KernelPath { get; init; }

    public required double AudioSeconds { get; init; }

    /// <summary>Rows of the prompt, the audio's included.</summary>
    public required int PromptRowCount { get; init; }

    public required double LoadSeconds { get; init; }

    /// <summary>The first pass of the process, with compilation.</summary>
    public required PassTimes FirstPass { get; init; }

    /// <summary>The passes after the warm-up.</summary>
    public required IReadOnlyList<PassTimes> Passes { get; init; }

    public required StageWork Stem { get; init; }

    public required StageWork Encoder { get; init; }

    public required StageWork Prefill { get; init; }

    public required StageWork Step { get; init; }

    public required long WeightBytes { get; init; }

    /// <summary>Bytes of all weight files.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Most memory resident from before the load to the last pass; null where the system does not say.</summary>
    public required long? PeakMemoryBytes { get; init; }

    /// <summary>Reading and multiplying, before and after the passes, with as many threads.</summary>
    public required IReadOnlyList<Roof> RoofsBefore { get; init; }

    public required IReadOnlyList<Roof> RoofsAfter { get; init; }

    /// <summary>Bytes a second: the best run of both measurements.</summary>
    public double ReadRoof => Best(RoofKind.MemoryRead);

    /// <summary>Operations a second of a stage's arithmetic: the best run of both measurements; of floats, where the processor has no other way.</summary>
    public double PeakOf(StageWork work)
    {
        bool isMeasured = RoofsBefore.Any(roof => roof.Kind == work.Arithmetic);
        return Best(isMeasured ? work.Arithmetic : RoofKind.FloatPeak);
    }

    private double Best(RoofKind kind) => RoofsBefore.Concat(RoofsAfter).Where(roof => roof.Kind == kind).Max(roof => roof.Best);
}
