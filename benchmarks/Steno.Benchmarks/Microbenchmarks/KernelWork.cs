using Steno.Benchmarks.Roofs;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>One parameter of a benchmark: a case by its name, and what it must do at least.</summary>
/// <param name="Name">What the table shows.</param>
/// <param name="Flops">Float operations.</param>
/// <param name="Bytes">Bytes that have to come from memory; 0 when caches hold them.</param>
/// <param name="Arithmetic">The peak that bounds its arithmetic.</param>
public record KernelWork(string Name, double Flops, double Bytes, RoofKind Arithmetic = RoofKind.FloatPeak)
{
    public sealed override string ToString() => Name;
}
