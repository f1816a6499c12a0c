using System.CommandLine;
using System.Text;
using Steno.Cli.Input;
using Steno.Cli.Output;
using Steno.Cli.Regression;

namespace Steno.Cli.Commands;

/// <summary><c>steno regress</c>: whether recordings still give their right texts, whatever way they are run.</summary>
internal sealed class RegressCommand : Command
{
    public const string Verb = "regress";

    /// <summary>A text of twice the length and nothing right; beyond it a limit means nothing.</summary>
    private const double LargestRate = 1000;

    private static readonly RegressionThresholds Defaults = new();

    private readonly Argument<string> _folder = new("DIR") { Description = "Folder of audio files, each with its right text beside it in a .txt file of the same name" };

    private readonly ModelChoice _model = new();

    private readonly RecognitionOptions _recognition = new();

    private readonly Option<bool> _recursive = Flag("--recursive", "Search folders inside folders too", "-r");

    private readonly Option<double?> _maxNorm = new("--max-norm")
    {
        HelpName = "rate",
        Description = "Largest distance of a text in which case and marks do not count: characters to change for each character of the right text. Default: 0.2",
        CustomParser = OptionParsers.Number(0, LargestRate, "a rate"),
    };

    private readonly Option<double?> _maxExact = new("--max-exact")
    {
        HelpName = "rate",
        Description = "Largest distance of a text as it is. Default: 1",
        CustomParser = OptionParsers.Number(0, LargestRate, "a rate"),
    };

    private readonly Option<double?> _maxTotal = new("--max-total")
    {
        HelpName = "rate",
        Description = "Largest distance of all texts together, in which case and marks do not count. Default: no limit",
        CustomParser = OptionParsers.Number(0, LargestRate, "a rate"),
    };

    private readonly Option<IReadOnlyList<string>?> _ways = new("--ways")
    {
        HelpName = "together|alone",
        Description = "Ways to run the files, with commas between, which all must give the same texts. together: several at the same time. alone: one after the other. The first is compared with the right texts. Default: together,alone",
        CustomParser = OptionParsers.Choices([.. RegressionWay.Names.Select(name => (name, name))]),
    };

    private readonly Option<bool> _generate = Flag("--generate-missing", "Write the .txt files that are missing, from what the model hears; none is ever replaced");

    private readonly Option<bool> _json = Flag("--json", "One JSON object on standard output; the lines go to standard error");

    private readonly VerbosityOptions _verbosity = new(
        "Nothing on standard error but warnings and errors",
        "More on standard error: model, segments, timings; traces of faults");

    public RegressCommand(StandardStreams streams)
        : base(Verb, "Transcribes audio files and compares the texts with the right ones beside them.")
    {
        Arguments.Add(_folder);
        _model.AddTo(this);
        _recognition.AddTo(this);
        foreach (Option option in new Option[] { _recursive, _maxNorm, _maxExact, _maxTotal, _ways, _generate, _json }) Options.Add(option);
        _verbosity.AddTo(this);
        SetAction((arguments, cancellationToken) => RunAsync(arguments, streams, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        string folder = arguments.GetRequiredValue(_folder);
        var plan = RegressionPlan.Create(folder, arguments.GetValue(_recursive), arguments.GetValue(_generate));
        SelectedModel model = _model.Select(arguments);
        InputFiles read = new InputFiles().AddModel(model.Name).Add(arguments.GetValue(_model.Mmproj)).AddEach(ModelChoice.AdaptersOf(arguments, _model.Adapters)).AddAudio(plan.Items.Select(item => item.Source));
        foreach (RegressionItem item in plan.Items) read.Add(item.TextPath);
        read.RequireOtherThanStandardOutput();

        Verbosity verbosity = _verbosity.Of(arguments);
        foreach (string warning in plan.Warnings) streams.Error.WriteLine("steno: warning: " + OneLine.Of(warning));
        TranscribeOptions options = _recognition.Of(arguments);
        RegressionWay[] ways = [.. (arguments.GetValue(_ways) ?? RegressionWay.Names).Select(name => RegressionWay.Of(name, options))];
        bool isJson = arguments.GetValue(_json);
        var loadingLog = new TranscribeLog(streams.Error, verbosity);
        TranscribeLog log = verbosity == Verbosity.Debug ? loadingLog : new TranscribeLog(streams.Error, Verbosity.Silent, hasHeartbeat: verbosity != Verbosity.Silent);
        var run = new RegressionRun(plan, ways, ThresholdsOf(arguments), LinesTo(streams, isJson, verbosity), log);
        RegressionSummary summary = await run.RunAsync(() => _model.Load(arguments, loadingLog, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (isJson) streams.Write(RegressionReport.Json(folder, model.Name, ways, summary));
        return summary.ExitCode;
    }

    private RegressionThresholds ThresholdsOf(ParseResult arguments) =>
        new(arguments.GetValue(_maxNorm) ?? Defaults.MaxNormalized, arguments.GetValue(_maxExact) ?? Defaults.MaxExact) { MaxTotal = arguments.GetValue(_maxTotal) };

    private static RegressionLog LinesTo(StandardStreams streams, bool isJson, Verbosity verbosity)
    {
        if (!isJson) return new RegressionLog(line => streams.Write(Encoding.UTF8.GetBytes(line + "\n")), TerminalColor.IsWanted(Console.IsOutputRedirected));
        return verbosity == Verbosity.Silent
            ? new RegressionLog(_ => { }, isColored: false)
            : new RegressionLog(streams.Error.WriteLine, TerminalColor.IsWanted(Console.IsErrorRedirected));
    }

    private static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Arity = ArgumentArity.Zero, Description = description };
}
