using System.CommandLine;
using System.Text;
using Steno.Cli.Input;
using Steno.Cli.Output;
using Steno.Comparison;

namespace Steno.Cli.Commands;

/// <summary><c>steno compare-weights</c>: how far two forms of a model lie apart, and what each costs.</summary>
internal sealed class CompareWeightsCommand : Command
{
    public const string Verb = "compare-weights";

    private readonly ModelChoice _choice = new();

    private readonly Argument<string> _a = new("A") { Description = $"Model to compare with: installed model, directory of a checkpoint, GGUF or .bin file, or {AsrModel.BuiltInName}" };

    private readonly Argument<string> _b = new("B") { Description = "Model that is compared; may be the same, held with other --weights-b" };

    private readonly Argument<string[]> _audio = new("AUDIO") { Arity = ArgumentArity.OneOrMore, Description = "Recordings of speech" };

    private readonly Option<WeightPrecision> _weightsA;

    private readonly Option<WeightPrecision> _weightsB;

    private readonly Option<string?> _mmprojA = ModelChoice.MmprojOption("--mmproj-a");

    private readonly Option<string?> _mmprojB = ModelChoice.MmprojOption("--mmproj-b");

    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "One JSON object instead of tables" };

    private readonly Option<bool> _silent = new("--silent") { Arity = ArgumentArity.Zero, Description = "Nothing on standard error but errors" };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    public CompareWeightsCommand(StandardStreams streams)
        : base(Verb, "Compares two forms of a model on recordings: activations, predictions, texts, sizes and speed.")
    {
        _weightsA = WeightsOption("--weights-a", "A");
        _weightsB = WeightsOption("--weights-b", "B");
        foreach (Argument argument in new Argument[] { _a, _b, _audio })
            Arguments.Add(argument);
        foreach (Option option in new Option[] { _weightsA, _weightsB, _mmprojA, _mmprojB, _choice.Threads, _json, _silent, _debug })
            Options.Add(option);
        SetAction((arguments, cancellationToken) => RunAsync(arguments, streams, cancellationToken));
    }

    // As the files have them: what is compared are the files, unless something else is asked for.
    private static WeightPrecision WeightsOf(ParseResult arguments, Option<WeightPrecision> option) =>
        arguments.GetResult(option) is null ? WeightPrecision.Stored : arguments.GetValue(option);

    private Option<WeightPrecision> WeightsOption(string name, string model) => new(name)
    {
        HelpName = _choice.Weights.HelpName,
        Description = $"How the weights of {model} are held in memory. Default: stored",
        CustomParser = _choice.Weights.CustomParser,
    };

    private async Task<int> RunAsync(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        string nameA = arguments.GetValue(_a)!;
        string nameB = arguments.GetValue(_b)!;
        if (nameA.Length == 0 || nameB.Length == 0) throw CommandException.Usage("the name of the model is empty");
        string[] audio = arguments.GetValue(_audio)!;
        AudioFiles.Require(audio);
        var read = new InputFiles().AddModel(nameA).AddModel(nameB).Add(arguments.GetValue(_mmprojA)).Add(arguments.GetValue(_mmprojB));
        foreach (string path in audio) read.Add(path);
        read.RequireOtherThanStandardOutput();
        bool isSilent = arguments.GetValue(_silent);
        using var heartbeat = new Heartbeat(streams.Error, !isSilent, time => $"comparing {nameA} and {nameB}: at work for {time}");
        try
        {
            var request = new ComparisonRequest
            {
                A = new ComparedModel(ModelLocation.PathOf(nameA), arguments.GetValue(_mmprojA), WeightsOf(arguments, _weightsA)),
                B = new ComparedModel(ModelLocation.PathOf(nameB), arguments.GetValue(_mmprojB), WeightsOf(arguments, _weightsB)),
                Audio = audio,
                ThreadCount = arguments.GetValue(_choice.Threads) is var count and > 0 ? count : null,
                OnAudio = name =>
                {
                    if (!isSilent) streams.Error.WriteLine("Comparing on " + OneLine.Of(name));
                },
            };
            WeightComparison comparison = await WeightComparer.RunAsync(request, cancellationToken).ConfigureAwait(false);
            var report = new CompareReport(nameA, nameB, request, comparison);
            streams.Write(arguments.GetValue(_json) ? report.Json() : Encoding.UTF8.GetBytes(report.Text()));
            return ExitCode.Success;
        }
        catch (AudioFormatException exception)
        {
            throw new CommandException(ExitCode.Audio, exception.Message, exception);
        }
        catch (Exception exception) when (exception is StenoException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Model, exception.Message, exception);
        }
        catch (NotSupportedException exception)
        {
            // The environment variable STENO_KERNEL names a path that this machine does not have.
            throw new CommandException(ExitCode.Usage, exception.Message, exception);
        }
    }
}
