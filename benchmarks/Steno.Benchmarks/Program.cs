using System.CommandLine;
using Steno.Benchmarks.Commands;

namespace Steno.Benchmarks;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        var root = new RootCommand("Measures Steno: roofs of the machine, stages of a transcription, decode steps of several sequences, the engine under load, speech detectors, kernels, loading; draws the results, and grows checkpoints to measure with.");
        root.Subcommands.Add(new GrowCommand());
        root.Subcommands.Add(new RoofsCommand());
        root.Subcommands.Add(new StagesCommand());
        root.Subcommands.Add(new LoadCommand());
        root.Subcommands.Add(new StepsCommand());
        root.Subcommands.Add(new EngineCommand());
        root.Subcommands.Add(new SpeechCommand());
        root.Subcommands.Add(new KernelsCommand());
        root.Subcommands.Add(new ChartCommand());
        try
        {
            return await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is BenchmarkException or StenoException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            await Console.Error.WriteLineAsync("benchmarks: " + fault.Message).ConfigureAwait(false);
            return 1;
        }
    }
}
