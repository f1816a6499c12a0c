using System.CommandLine;
using System.Text;
using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>steno info</c>: what this machine offers and what a model needs.</summary>
internal sealed class InfoCommand : Command
{
    public const string Verb = "info";

    private readonly Argument<string?> _file = new("MODEL")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Tell only what the files of this model are, without loading it: installed model, directory of a checkpoint, or file of any program",
    };

    private readonly ModelChoice _model = new();

    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "One JSON object instead of text" };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    public InfoCommand(StandardStreams streams)
        : base(Verb, "Shows what this machine offers, and the dimensions and memory of a model; or what the files of a model are.")
    {
        Arguments.Add(_file);
        _model.AddTo(this);
        Options.Add(_json);
        Options.Add(_debug);
        SetAction((arguments, cancellationToken) => Task.FromResult(Run(arguments, streams, cancellationToken)));
    }

    private int Run(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(_file) is { } file) return Describe(file, arguments, streams);
        SelectedModel selected = _model.Select(arguments);
        RequireOtherThanStandardOutput(selected.Name, arguments);
        using AsrModel model = _model.Load(selected, arguments, cancellationToken);
        StoredModel stored = Look(selected.Name, arguments);
        byte[] report = arguments.GetValue(_json)
            ? InfoReport.Json(model.Info, stored)
            : Encoding.UTF8.GetBytes(InfoReport.Text(model.Info, stored));
        streams.Write(report);
        return ExitCode.Success;
    }

    private int Describe(string file, ParseResult arguments, StandardStreams streams)
    {
        if (file.Length == 0) throw CommandException.Usage("the name of the model is empty");
        if (arguments.GetResult(_model.Model) is not null) throw CommandException.Usage("a model is named twice, as MODEL and by --model");
        if (ModelChoice.AdaptersOf(arguments, _model.Adapters).Length > 0) throw CommandException.Usage("--adapter goes with a model that is loaded, and MODEL is only looked at: name it by --model");
        RequireOtherThanStandardOutput(file, arguments);
        StoredModel model = Look(file, arguments);
        streams.Write(arguments.GetValue(_json) ? StoredModelReport.Json(model) : Encoding.UTF8.GetBytes(StoredModelReport.Text(model)));
        return ExitCode.Success;
    }

    private void RequireOtherThanStandardOutput(string model, ParseResult arguments) =>
        new InputFiles().AddModel(model).Add(arguments.GetValue(_model.Mmproj)).AddEach(ModelChoice.AdaptersOf(arguments, _model.Adapters)).RequireOtherThanStandardOutput();

    private StoredModel Look(string name, ParseResult arguments)
    {
        try
        {
            return StoredModel.Read(name, arguments.GetValue(_model.Mmproj));
        }
        catch (Exception exception) when (exception is StenoException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Model, exception.Message, exception);
        }
    }
}
