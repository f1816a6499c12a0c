using System.CommandLine;
using Steno.Benchmarks.Reports;
using Steno.Benchmarks.Roofs;
using Steno.Threading;

namespace Steno.Benchmarks.Commands;

/// <summary><c>roofs</c>: what this machine can do at most.</summary>
internal sealed class RoofsCommand : Command
{
    private readonly Option<int> _threads = new("--threads", "-t") { HelpName = "n", DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Measures 1, 2, 4, ... and n threads" };

    private readonly Option<int> _runs = new("--runs") { HelpName = "n", DefaultValueFactory = _ => 11, Description = "Runs of each measurement" };

    private readonly Option<int> _megabytes = new("--megabytes") { HelpName = "n", DefaultValueFactory = _ => 1024, Description = "Size of the buffer to read; many times the last-level cache" };

    private readonly Results _results = new();

    public RoofsCommand()
        : base("roofs", "Measures memory reading, float multiply-adds and integer dot products.")
    {
        _threads.RequireRange(1, WorkerPool.MaxThreadCount);
        _runs.RequireRange(1);
        _megabytes.RequireRange(1);
        Options.Add(_threads);
        Options.Add(_runs);
        Options.Add(_megabytes);
        _results.AddTo(this);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var survey = new RoofSurvey { RunCount = arguments.GetValue(_runs), BufferBytes = (long)arguments.GetValue(_megabytes) << 20 };
        IReadOnlyList<Roof> roofs = survey.MeasureAll(arguments.GetValue(_threads));
        _results.Write(arguments, "roofs", "Roofs", RoofReport.Text(roofs), json => RoofReport.WriteJson(json, "roofs", roofs));
        return 0;
    }
}
