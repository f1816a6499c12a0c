using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Benchmarks.Roofs;

/// <summary>Measures the roofs of a machine.</summary>
internal sealed class RoofSurvey
{
    /// <summary>Bytes to read: many times any last-level cache.</summary>
    public long BufferBytes { get; init; } = 1L << 30;

    public int RunCount { get; init; } = 11;

    /// <summary>Turns of the loops of ten or twelve instructions that find the peaks: some 50 ms at 2 instructions a cycle.</summary>
    public long PeakIterationCount { get; init; } = 30_000_000;

    /// <summary>Measures everything, for 1, 2, 4, ... threads up to a number.</summary>
    public IReadOnlyList<Roof> MeasureAll(int maxThreadCount)
    {
        int[] threadCounts = [.. ThreadCounts(maxThreadCount)];
        var roofs = new List<Roof>();
        using (var buffer = new AlignedBuffer<byte>(BufferBytes))
            roofs.AddRange(threadCounts.Select(count => MemoryRead.Measure(count, buffer, RunCount)));
        foreach (string name in FloatPeak.Supported) roofs.AddRange(threadCounts.Select(count => FloatPeak.Measure(name, count, PeakIterationCount, RunCount)));
        foreach (string name in IntegerDotPeak.Supported) roofs.AddRange(threadCounts.Select(count => IntegerDotPeak.Measure(name, count, PeakIterationCount, RunCount)));
        return roofs;
    }

    /// <summary>Measures reading, and multiplying floats, and bytes where there is a way, as the kernels of a path do it.</summary>
    public IReadOnlyList<Roof> Measure(int threadCount, KernelPath path)
    {
        var roofs = new List<Roof>();
        using (var buffer = new AlignedBuffer<byte>(BufferBytes)) roofs.Add(MemoryRead.Measure(threadCount, buffer, RunCount));

        // FloatPeak names vector widths as KernelPath does.
        roofs.Add(FloatPeak.Measure(path.ToString(), threadCount, PeakIterationCount, RunCount));
        if (IntegerDotPeak.NameFor(path) is { } name) roofs.Add(IntegerDotPeak.Measure(name, threadCount, PeakIterationCount, RunCount));
        return roofs;
    }

    private static IEnumerable<int> ThreadCounts(int max)
    {
        for (int count = 1; count < max; count *= 2) yield return count;
        yield return max;
    }
}
