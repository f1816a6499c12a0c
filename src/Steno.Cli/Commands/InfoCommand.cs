using System.CommandLine;
using System.Text;
using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>steno info</c>: what this machine offers and what a model needs.</summary>
internal sealed class InfoCommand : Command
{
    public const string Verb = "info";

    private readonly ModelChoice _model = new();

    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "One JSON object instead of text" };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    public InfoCommand(StandardStreams streams)
        : base(Verb, "Shows what this machine offers, and the dimensions and memory of a model.")
    {
        _model.AddTo(this);
        Options.Add(_json);
        Options.Add(_debug);
        SetAction((arguments, cancellationToken) => Task.FromResult(Run(arguments, streams, cancellationToken)));
    }

    private int Run(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        SelectedModel selected = _model.Select(arguments);
        new InputFiles().AddModel(selected.Name).Add(arguments.GetValue(_model.Mmproj)).RequireOtherThanStandardOutput();
        using AsrModel model = _model.Load(selected, arguments, cancellationToken);
        byte[] report = arguments.GetValue(_json)
            ? InfoReport.Json(model.Info)
            : Encoding.UTF8.GetBytes(InfoReport.Text(model.Info));
        streams.Write(report);
        return ExitCode.Success;
    }
}
