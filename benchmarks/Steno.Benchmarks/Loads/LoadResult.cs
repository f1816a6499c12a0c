namespace Steno.Benchmarks.Loads;

/// <summary>What loading one model took.</summary>
/// <param name="Path">The model.</param>
/// <param name="FileBytes">Bytes of its weight files.</param>
/// <param name="HeldBytes">Bytes of its weights in memory.</param>
/// <param name="Seconds">Time of each round.</param>
/// <param name="PeakBytes">Most memory of each round, beyond what was resident before the first; 0 where the system does not tell.</param>
internal sealed record LoadResult(string Path, long FileBytes, long HeldBytes, IReadOnlyList<double> Seconds, IReadOnlyList<double> PeakBytes)
{
    public double MedianSeconds => Statistics.Median(Seconds);

    public double MedianPeakBytes => Statistics.Median(PeakBytes);

    /// <summary>Median of the ratios of each round.</summary>
    public double TimeRatio(LoadResult other) => Statistics.Median(Seconds.Zip(other.Seconds, (mine, others) => mine / others));
}
