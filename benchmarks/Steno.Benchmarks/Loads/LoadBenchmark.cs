using System.Diagnostics;
using Steno.Benchmarks.Stages;
using Steno.Loading;

namespace Steno.Benchmarks.Loads;

/// <summary>Loads models in turn, round by round, after one round that brings their files into the memory of the system.</summary>
internal static class LoadBenchmark
{
    /// <summary>Measures.</summary>
    /// <param name="paths">The models.</param>
    /// <param name="weights">How their weights are held.</param>
    /// <param name="threadCount">Threads that repack.</param>
    /// <param name="roundCount">Rounds that count.</param>
    public static IReadOnlyList<LoadResult> Run(IReadOnlyList<string> paths, WeightPrecision weights, int threadCount, int roundCount)
    {
        var seconds = paths.Select(_ => new List<double>()).ToArray();
        var peaks = paths.Select(_ => new List<double>()).ToArray();
        long[] files = new long[paths.Count];
        long[] held = new long[paths.Count];
        long before = Environment.WorkingSet;
        for (int round = -1; round < roundCount; round++)
        {
            for (int i = 0; i < paths.Count; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                bool isTold = PeakMemory.Reset();
                long start = Stopwatch.GetTimestamp();
                using LoadedModel model = LoadedModel.Load(paths[i], weights, threadCount, CancellationToken.None);
                double time = Stopwatch.GetElapsedTime(start).TotalSeconds;
                long peak = isTold ? PeakMemory.Bytes() - before : 0;
                files[i] = model.Files.Sum(file => new FileInfo(file).Length);
                held[i] = model.Weights.ByteCount;
                if (round < 0) continue;
                seconds[i].Add(time);
                peaks[i].Add(peak);
            }
        }

        return [.. paths.Select((path, i) => new LoadResult(path, files[i], held[i], seconds[i], peaks[i]))];
    }
}
