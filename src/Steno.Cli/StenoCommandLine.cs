using System.CommandLine;
using System.CommandLine.Help;
using Steno.Cli.Commands;
using Steno.Cli.Output;

namespace Steno.Cli;

/// <summary>The verbs, the way from arguments to one of them, and the way from any fault to one line and an exit code.</summary>
internal sealed class StenoCommandLine
{
    private static readonly string[] RootOptions = ["--help", "-h", "-?", "--version"];

    private readonly StandardStreams _streams;
    private readonly Command _root;

    public StenoCommandLine(StandardStreams streams)
    {
        _streams = streams;
        _root = new Command("steno", "Speech to text with the Qwen3-ASR models, on the CPU.");
        _root.Subcommands.Add(new TranscribeCommand(streams));
        _root.Subcommands.Add(new VadCommand(streams));
        _root.Subcommands.Add(new InfoCommand(streams));
        _root.Subcommands.Add(new PullCommand(streams));
        _root.Subcommands.Add(new ModelsCommand(streams));
        _root.Subcommands.Add(new VerifyCommand(streams));
        _root.Subcommands.Add(new ConvertCommand(streams));
        _root.Subcommands.Add(new QuantizeCommand(streams));
        _root.Subcommands.Add(new CompareWeightsCommand(streams));
        _root.Options.Add(new HelpOption("--help", "-h", "-?") { Action = new HelpTextAction(streams) });
        _root.Options.Add(new VersionOption { Action = new VersionAction(streams) });
    }

    /// <summary>Runs one command line to its exit code; never throws.</summary>
    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            ParseResult parsed = _root.Parse(
                AttachedValues.Separate(WithVerb(arguments), _root),
                new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
            if (UsageErrors.Find(parsed) is { } error)
                throw CommandException.Usage(error);
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (OutputClosedException)
        {
            return ExitCode.OutputClosed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception)
        {
            return Report(exception, arguments.Contains("--debug"));
        }
    }

    /// <summary>A command line that begins with no verb is one of transcribe, so that the flags of other programs work as they are.</summary>
    private string[] WithVerb(string[] arguments)
    {
        if (arguments is not [string first, ..])
            return [TranscribeCommand.Verb];
        if (RootOptions.Contains(first) || _root.Subcommands.Any(command => command.Name == first))
            return arguments;
        if (first.Length > 0 && first.All(char.IsAsciiLetter) && !Path.Exists(first))
            throw CommandException.Usage($"'{first}' is neither a command nor a file (see steno --help)");
        return [TranscribeCommand.Verb, .. arguments];
    }

    private int Report(Exception exception, bool isDebug)
    {
        if (exception is OutputException output) exception = TranscribeFaults.Of(output);
        (int exitCode, string message) = exception switch
        {
            CommandException known => (known.ExitCode, known.Message),
            OutOfMemoryException => (ExitCode.InternalFault, "there is not enough memory for this model and audio"),
            _ => (ExitCode.InternalFault, $"this is a fault in Steno, please report it: {exception.GetType().Name}: {exception.Message}"),
        };
        _streams.Error.WriteFault(message, exception, isDebug);
        return exitCode;
    }
}
