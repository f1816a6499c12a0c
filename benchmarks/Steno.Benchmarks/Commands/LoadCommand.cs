using System.CommandLine;
using System.Globalization;
using Steno.Benchmarks.Loads;
using Steno.Benchmarks.Reports;
using Steno.Threading;

namespace Steno.Benchmarks.Commands;

/// <summary><c>load</c>: what loading costs, of one family beside another.</summary>
internal sealed class LoadCommand : Command
{
    private readonly Argument<string[]> _models = new("model") { Arity = ArgumentArity.OneOrMore, Description = "Checkpoint directories and files; the first is what the others are compared with" };

    private readonly Option<int> _threads = new("--threads", "-t") { HelpName = "n", DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Threads that repack" };

    private readonly Option<int> _rounds = new("--rounds") { HelpName = "n", DefaultValueFactory = _ => 5, Description = "Rounds that are measured" };

    private readonly WeightOption _weights = new("auto");

    private readonly Results _results = new();

    public LoadCommand()
        : base("load", "Loads models in turn, round by round: time, and memory at most.")
    {
        _rounds.RequireRange(1);
        _threads.RequireRange(1, WorkerPool.MaxThreadCount);
        Arguments.Add(_models);
        foreach (Option option in new Option[] { _weights, _threads, _rounds }) Options.Add(option);
        _results.AddTo(this);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        int threads = arguments.GetValue(_threads);
        IReadOnlyList<LoadResult> results = LoadBenchmark.Run(arguments.GetRequiredValue(_models), WeightOption.Parse(arguments.GetValue(_weights)), threads, arguments.GetValue(_rounds));
        string name = string.Create(CultureInfo.InvariantCulture, $"load-{arguments.GetValue(_weights)}-{threads}threads");
        _results.Write(arguments, name, "Loading", LoadReport.Text(results), json => LoadReport.WriteJson(json, results));
        return 0;
    }
}
