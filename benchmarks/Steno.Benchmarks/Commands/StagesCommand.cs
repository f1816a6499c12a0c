using System.CommandLine;
using System.Globalization;
using Steno.Benchmarks.Reports;
using Steno.Benchmarks.Roofs;
using Steno.Benchmarks.Stages;
using Steno.Threading;

namespace Steno.Benchmarks.Commands;

/// <summary><c>stages</c>: where the time of a transcription goes, beside the roofs.</summary>
internal sealed class StagesCommand : Command
{
    private readonly Option<string> _model = new("--model", "-d") { Required = true, HelpName = "dir", Description = "Checkpoint directory" };

    private readonly Option<string> _audio = new("--audio") { Required = true, HelpName = "file", Description = "Audio file" };

    private readonly Option<int> _tokens = new("--tokens") { HelpName = "n", DefaultValueFactory = _ => 30, Description = "Decode steps after the first token, whatever the model says" };

    private readonly Option<int> _threads = new("--threads", "-t") { HelpName = "n", DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Threads that compute" };

    private readonly Option<int> _repeat = new("--repeat") { HelpName = "n", DefaultValueFactory = _ => 5, Description = "Passes that are measured" };

    private readonly Option<int> _warmup = new("--warmup") { HelpName = "n", DefaultValueFactory = _ => 2, Description = "Passes before those, after the first of the process" };

    private readonly WeightOption _weights = new("auto");

    private readonly Option<bool> _fullAttention = new("--full-attention") { Arity = ArgumentArity.Zero, Description = "Lets the encoder attend over the whole audio instead of windows of 8 s" };

    private readonly Option<int> _runs = new("--roof-runs") { HelpName = "n", DefaultValueFactory = _ => 11, Description = "Runs of each roof" };

    private readonly Results _results = new();

    public StagesCommand()
        : base("stages", "Times mel, stem, encoder, prefill and decode steps of one audio file, and compares them with the roofs.")
    {
        foreach (Option<int> count in new[] { _tokens, _repeat, _runs }) count.RequireRange(1);
        _threads.RequireRange(1, WorkerPool.MaxThreadCount);
        _warmup.RequireRange(0);
        foreach (Option option in new Option[] { _model, _audio, _tokens, _threads, _repeat, _warmup, _weights, _fullAttention, _runs }) Options.Add(option);
        _results.AddTo(this);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var setup = new StageSetup
        {
            Model = arguments.GetRequiredValue(_model),
            Audio = arguments.GetRequiredValue(_audio),
            StepCount = arguments.GetValue(_tokens),
            ThreadCount = arguments.GetValue(_threads),
            RepeatCount = arguments.GetValue(_repeat),
            WarmupCount = arguments.GetValue(_warmup),
            Weights = WeightOption.Parse(arguments.GetValue(_weights)),
            Attention = arguments.GetValue(_fullAttention) ? AttentionMode.Full : AttentionMode.Windowed,
        };
        StageResult result = StageBenchmark.Run(setup, new RoofSurvey { RunCount = arguments.GetValue(_runs) });
        var report = new StageReport(result);
        _results.Write(arguments, FileName(arguments, result), "Stages of a transcription", report.Text(), report.WriteJson);
        return 0;
    }

    private string FileName(ParseResult arguments, StageResult result)
    {
        StageSetup setup = result.Setup;
        string model = Path.GetFileName(Path.TrimEndingDirectorySeparator(setup.Model));
        string audio = Path.GetFileNameWithoutExtension(setup.Audio);
        string attention = setup.Attention == AttentionMode.Full ? "-full" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"stages-{model}-{arguments.GetValue(_weights)}-{audio}{attention}-{result.KernelPath}-{setup.ThreadCount}threads");
    }
}
