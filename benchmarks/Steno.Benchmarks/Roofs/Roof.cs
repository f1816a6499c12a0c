namespace Steno.Benchmarks.Roofs;

/// <summary>A speed that this machine cannot exceed, as measured.</summary>
/// <param name="Kind">What is limited.</param>
/// <param name="Name">What was run, such as Vector512.</param>
/// <param name="ThreadCount">Threads that ran it at once.</param>
/// <param name="Best">Bytes or operations a second in the fastest run.</param>
/// <param name="Median">The same in the median run.</param>
internal sealed record Roof(RoofKind Kind, string Name, int ThreadCount, double Best, double Median)
{
    /// <summary>Runs a measurement.</summary>
    /// <param name="kind">What is limited.</param>
    /// <param name="name">What is run.</param>
    /// <param name="threadCount">Threads.</param>
    /// <param name="runCount">Runs.</param>
    /// <param name="amount">Bytes or operations of one run, all threads together.</param>
    /// <param name="work">One thread's part of a run.</param>
    public static Roof Measure(RoofKind kind, string name, int threadCount, int runCount, double amount, Action<int> work)
    {
        double[] seconds = ThreadTeam.Time(threadCount, runCount, work);
        return new Roof(kind, name, threadCount, amount / seconds.Min(), amount / Statistics.Median(seconds));
    }
}
