using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using Steno.Kernels;
using Steno.Loading;

namespace Steno.Benchmarks.Steps;

/// <summary>Times decode steps of several sequences at once, each with a cache of its own.</summary>
/// <remarks>
/// A round makes one step with every number of sequences, in an order that rotates from round to round: so a neighbour that takes memory or a
/// processor away for a while meets all of them, and the ratios of a round are those of one moment.
/// </remarks>
internal static class StepBenchmark
{
    private const int WarmupRoundCount = 3;

    // Longer than the 100 ms that the runtime waits before it recompiles what has been called often.
    private static readonly TimeSpan PauseAfterWarmup = TimeSpan.FromMilliseconds(250);

    /// <summary>Measures.</summary>
    /// <exception cref="StenoException">The model is broken.</exception>
    public static StepResult Run(StepSetup setup)
    {
        KernelPaths.RequireValidVariable();
        using LoadedModel model = LoadedModel.Load(setup.Model, setup.Weights, setup.ThreadCount, CancellationToken.None);
        using var steps = new SequenceSteps(model, setup.SequenceCounts.Max(), setup.PositionCount);
        for (int round = 0; round < WarmupRoundCount; round++)
        {
            foreach (int count in setup.SequenceCounts) steps.Run(count);
            Thread.Sleep(PauseAfterWarmup);
        }

        int caseCount = setup.SequenceCounts.Count;
        double[][] seconds = [.. setup.SequenceCounts.Select(_ => new double[setup.RoundCount])];
        for (int round = 0; round < setup.RoundCount; round++)
        {
            for (int i = 0; i < caseCount; i++)
            {
                int index = (round + i) % caseCount;
                long start = Stopwatch.GetTimestamp();
                steps.Run(setup.SequenceCounts[index]);
                seconds[index][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return new StepResult { Setup = setup, Kernels = KernelName(model), Seconds = seconds };
    }

    private static string KernelName(LoadedModel model)
    {
        KernelPath path = model.Runner.Path;
        bool isQuantized = model.Weights.Text.LmHead.Format.IsQuantized();
        return !isQuantized ? $"{path}" : AvxVnni.IsSupported ? $"{path}, products of bytes" : $"{path}, products of 16-bit numbers";
    }
}
