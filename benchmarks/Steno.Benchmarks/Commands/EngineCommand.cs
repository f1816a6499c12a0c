using System.CommandLine;
using System.Globalization;
using Steno.Benchmarks.Engine;
using Steno.Benchmarks.Reports;
using Steno.Kernels;
using Steno.Threading;

namespace Steno.Benchmarks.Commands;

/// <summary><c>engine</c>: how long others wait, and how soon a cancelled call is gone.</summary>
internal sealed class EngineCommand : Command
{
    private readonly Option<string> _model = new("--model", "-d") { Required = true, HelpName = "dir", Description = "Checkpoint directory" };

    private readonly Option<string> _audio = new("--audio", "-i") { Required = true, HelpName = "file", Description = "A recording of some seconds; the long clip is made of copies of it" };

    private readonly Option<int> _minutes = new("--minutes") { HelpName = "n", DefaultValueFactory = _ => 10, Description = "Length of the long clip" };

    private readonly Option<int> _rounds = new("--rounds") { HelpName = "n", DefaultValueFactory = _ => 7, Description = "Rounds that are measured" };

    private readonly Option<int> _threads = new("--threads", "-t") { HelpName = "n", DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Threads that compute" };

    private readonly WeightOption _weights = new("q8");

    private readonly Results _results = new();

    public EngineCommand()
        : base("engine", "Times a short clip alone and while a long one is prefilled, and the way from a cancellation to the memory being free.")
    {
        _minutes.RequireRange(1);
        _rounds.RequireRange(1);
        _threads.RequireRange(1, WorkerPool.MaxThreadCount);
        foreach (Option option in new Option[] { _model, _audio, _weights, _minutes, _rounds, _threads }) Options.Add(option);
        _results.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var setup = new EngineSetup
        {
            Model = arguments.GetRequiredValue(_model),
            Audio = arguments.GetRequiredValue(_audio),
            Weights = WeightOption.Parse(arguments.GetValue(_weights)),
            ThreadCount = arguments.GetValue(_threads),
            Minutes = arguments.GetValue(_minutes),
            RoundCount = arguments.GetValue(_rounds),
        };
        EngineResult result = await EngineBenchmark.RunAsync(setup, cancellationToken).ConfigureAwait(false);
        string model = Path.GetFileName(Path.TrimEndingDirectorySeparator(setup.Model));
        string name = string.Create(CultureInfo.InvariantCulture, $"engine-{model}-{arguments.GetValue(_weights)}-{KernelPaths.Selected}-{setup.ThreadCount}threads");
        _results.Write(arguments, name, "The engine under load", result.Text(), result.WriteJson);
        return 0;
    }
}
