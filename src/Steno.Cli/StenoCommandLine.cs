using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
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
                WithVerb(arguments),
                new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
            Reject(parsed);
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

    private static void Reject(ParseResult parsed)
    {
        if (UnknownOptionIn(parsed) is { } option)
            throw CommandException.Usage($"unknown option {option} (see steno {VerbOf(parsed.CommandResult)} --help)");
        if (OptionWithoutValueIn(parsed) is (string name, string next))
            throw CommandException.Usage($"{name} needs a value: {next} is an option");
        if (parsed.Errors.Count > 0 && parsed.Action is not (HelpTextAction or VersionAction))
            throw CommandException.Usage(parsed.Errors[0].Message.TrimEnd('.'));
    }

    /// <summary>Such as <c>models remove</c>.</summary>
    private static string VerbOf(CommandResult result) =>
        result.Parent is CommandResult { Parent: CommandResult } outer ? VerbOf(outer) + " " + result.Command.Name : result.Command.Name;

    /// <summary>The parser takes an option it does not know for an argument: only after <c>--</c> may one begin with a hyphen.</summary>
    private static string? UnknownOptionIn(ParseResult parsed)
    {
        int plainCount = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Count(token => token.Type == TokenType.Argument);
        IEnumerable<string> candidates = parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens.SkipLast(plainCount))
            .Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens);
        return candidates.FirstOrDefault(value => value.Length > 1 && value[0] == '-');
    }

    /// <summary>The parser takes the next option for the value of one that lacks it.</summary>
    private static (string Name, string Next)? OptionWithoutValueIn(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        foreach (OptionResult option in parsed.CommandResult.Children.OfType<OptionResult>())
        {
            if (option.Option.Name == TranscribeCommand.PromptName)
                continue;
            Token? mistaken = option.Tokens.FirstOrDefault(token =>
                command.Options.Any(known => known.Name == token.Value || known.Aliases.Contains(token.Value)));
            if (mistaken is not null)
                return (option.IdentifierToken?.Value ?? option.Option.Name, mistaken.Value);
        }

        return null;
    }

    private int Report(Exception exception, bool isDebug)
    {
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
