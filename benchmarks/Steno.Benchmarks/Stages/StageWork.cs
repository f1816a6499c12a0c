using Steno.Benchmarks.Roofs;

namespace Steno.Benchmarks.Stages;

/// <summary>What a stage must do at least.</summary>
/// <param name="Flops">Float operations.</param>
/// <param name="Bytes">Weights to read, each counted once; caches and activations are not counted.</param>
/// <param name="Arithmetic">The peak that bounds its matrix products.</param>
internal sealed record StageWork(double Flops, double Bytes, RoofKind Arithmetic = RoofKind.FloatPeak)
{
    /// <summary>Least time on a machine with these roofs: of computing and of reading, the longer.</summary>
    public double SecondsAt(double flopsPerSecond, double bytesPerSecond) => Math.Max(Flops / flopsPerSecond, Bytes / bytesPerSecond);

    /// <summary>Whether reading the weights takes longer than computing with them.</summary>
    public bool IsLimitedByMemory(double flopsPerSecond, double bytesPerSecond) => Bytes / bytesPerSecond > Flops / flopsPerSecond;
}
