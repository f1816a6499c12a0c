namespace Steno.Benchmarks.Steps;

/// <summary>What was measured.</summary>
internal sealed record StepResult
{
    public required StepSetup Setup { get; init; }

    /// <summary>The kernels' path, and whether they multiply bytes.</summary>
    public required string Kernels { get; init; }

    /// <summary>Seconds of each step, [number of sequences, round].</summary>
    public required IReadOnlyList<double[]> Seconds { get; init; }

    /// <summary>Median time of a step.</summary>
    public double Median(int index) => Statistics.Median(Seconds[index]);

    /// <summary>Shortest time of a step: where others use the machine too, the one that they disturbed least.</summary>
    public double Best(int index) => Seconds[index].Min();

    /// <summary>Median, over the rounds, of a step's time over that of the first number of sequences in the same round.</summary>
    public double Ratio(int index) => Statistics.Median(Seconds[index].Zip(Seconds[0], (seconds, first) => seconds / first));

    /// <summary>How many times the tokens per second of the first number of sequences: from the paired ratio.</summary>
    public double Speedup(int index) => (double)Setup.SequenceCounts[index] / Setup.SequenceCounts[0] / Ratio(index);
}
