using System.Diagnostics;

namespace Steno.Benchmarks.Roofs;

/// <summary>Times work that several plain threads do at once.</summary>
internal static class ThreadTeam
{
    /// <summary>Runs the work again and again.</summary>
    /// <param name="threadCount">Threads, all started afresh and bound to no processor.</param>
    /// <param name="runCount">Timed runs; one more before them is not counted.</param>
    /// <param name="work">Called on each thread with its index.</param>
    /// <returns>Seconds of each run, from the first thread's start to the last one's end.</returns>
    public static double[] Time(int threadCount, int runCount, Action<int> work)
    {
        long[] starts = new long[threadCount];
        long[] ends = new long[threadCount];
        double[] seconds = new double[runCount];
        using var gate = new Barrier(threadCount + 1);
        Thread[] threads = [.. Enumerable.Range(0, threadCount).Select(index => new Thread(() => Work(index)) { IsBackground = true, Name = $"Roof {index}" })];
        foreach (Thread thread in threads) thread.Start();
        for (int run = -1; run < runCount; run++)
        {
            gate.SignalAndWait();
            gate.SignalAndWait();
            if (run >= 0) seconds[run] = Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds;
        }

        foreach (Thread thread in threads) thread.Join();
        return seconds;

        void Work(int index)
        {
            for (int run = -1; run < runCount; run++)
            {
                gate.SignalAndWait();
                starts[index] = Stopwatch.GetTimestamp();
                work(index);
                ends[index] = Stopwatch.GetTimestamp();
                gate.SignalAndWait();
            }
        }
    }
}
