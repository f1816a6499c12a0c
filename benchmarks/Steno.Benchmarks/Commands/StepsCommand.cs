using System.CommandLine;
using System.Globalization;
using Steno.Benchmarks.Reports;
using Steno.Benchmarks.Steps;
using Steno.Kernels;
using Steno.Model;
using Steno.Threading;

namespace Steno.Benchmarks.Commands;

/// <summary><c>steps</c>: what a decode step costs with 1, 2, 4, ... sequences.</summary>
internal sealed class StepsCommand : Command
{
    private readonly Option<string> _model = new("--model", "-d") { Required = true, HelpName = "dir", Description = "Checkpoint directory" };

    private readonly Option<int[]> _sequences = new("--sequences")
    {
        HelpName = "n",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 2, 4, 8, 16],
        Description = "Numbers of sequences that make a step together; the first is what the others are compared with",
    };

    private readonly Option<int> _positions = new("--positions") { HelpName = "n", DefaultValueFactory = _ => 172, Description = "Positions that each sequence holds; 172 are in the middle of 11 s of audio and 30 tokens" };

    private readonly Option<int> _threads = new("--threads", "-t") { HelpName = "n", DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Threads that compute" };

    private readonly Option<int> _rounds = new("--rounds") { HelpName = "n", DefaultValueFactory = _ => 51, Description = "Rounds that are measured" };

    private readonly WeightOption _weights = new("q8");

    private readonly Results _results = new();

    public StepsCommand()
        : base("steps", "Times a decode step with 1, 2, 4, ... sequences in turn, and compares each round's times with one another.")
    {
        _sequences.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int[]>() is { } counts && Array.Exists(counts, count => count is < 1 or > RaggedBatch.MaxRowCount))
                result.AddError($"{_sequences.Name} must be from 1 to {RaggedBatch.MaxRowCount}.");
        });
        _positions.RequireRange(1);
        _rounds.RequireRange(1);
        _threads.RequireRange(1, WorkerPool.MaxThreadCount);
        foreach (Option option in new Option[] { _model, _weights, _sequences, _positions, _threads, _rounds }) Options.Add(option);
        _results.AddTo(this);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var setup = new StepSetup
        {
            Model = arguments.GetRequiredValue(_model),
            Weights = WeightOption.Parse(arguments.GetValue(_weights)),
            ThreadCount = arguments.GetValue(_threads),
            PositionCount = arguments.GetValue(_positions),
            SequenceCounts = arguments.GetRequiredValue(_sequences),
            RoundCount = arguments.GetValue(_rounds),
        };
        StepResult result = StepBenchmark.Run(setup);
        var report = new StepReport(result);
        string model = Path.GetFileName(Path.TrimEndingDirectorySeparator(setup.Model));
        string name = string.Create(CultureInfo.InvariantCulture, $"steps-{model}-{arguments.GetValue(_weights)}-{KernelPaths.Selected}-{setup.ThreadCount}threads");
        _results.Write(arguments, name, "Decode steps of several sequences", report.Text(), report.WriteJson);
        return 0;
    }
}
