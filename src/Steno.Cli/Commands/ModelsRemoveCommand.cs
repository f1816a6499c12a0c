using System.CommandLine;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>steno models remove</c>: deletes models from the store.</summary>
internal sealed class ModelsRemoveCommand : Command
{
    public const string Verb = "remove";

    private readonly Argument<string[]> _names = new("NAME")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Models as steno models lists them",
    };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    public ModelsRemoveCommand(StandardStreams streams)
        : base(Verb, "Deletes installed models, and what is left of pulls that did not end.")
    {
        Arguments.Add(_names);
        Options.Add(_debug);
        SetAction(arguments => Run(arguments, streams));
    }

    private int Run(ParseResult arguments, StandardStreams streams)
    {
        foreach (string name in arguments.GetValue(_names) ?? [])
        {
            if (!ModelsCommand.Guard(store => store.Remove(name)))
                throw new CommandException(ExitCode.Model, $"{name} is not installed. Installed: {Installed()} (see steno models)");
            streams.Error.WriteLine($"Removed {OneLine.Of(name)}");
        }

        return ExitCode.Success;
    }

    private static string Installed() =>
        ModelsCommand.Guard(store => store.List()) is { Count: > 0 } models ? string.Join(", ", models.Select(model => model.Name)) : "none";
}
