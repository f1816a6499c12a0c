using System.CommandLine;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>steno models</c>: what is in the store.</summary>
internal sealed class ModelsCommand : Command
{
    public const string Verb = "models";

    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero, Description = "One JSON object instead of text" };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    public ModelsCommand(StandardStreams streams)
        : base(Verb, "Lists the installed models: what they do, their size, whether they are whole, where they are.")
    {
        Subcommands.Add(new ModelsRemoveCommand(streams));
        Options.Add(_json);
        Options.Add(_debug);
        SetAction(arguments => Run(arguments, streams));
    }

    /// <summary>Runs work on the store, with the faults that it may have turned into those of the command line.</summary>
    public static T Guard<T>(Func<ModelStore, T> work)
    {
        try
        {
            return work(ModelStore.Default);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Output, exception.Message, exception);
        }
        catch (ArgumentException exception) when (exception.GetType() == typeof(ArgumentException))
        {
            throw CommandException.Usage(exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal));
        }
    }

    private int Run(ParseResult arguments, StandardStreams streams)
    {
        bool isJson = arguments.GetValue(_json);
        byte[] report = Guard(store => isJson ? ModelsReport.Json(store) : ModelsReport.Text(store));
        streams.Write(report);
        return ExitCode.Success;
    }
}
