using System.CommandLine;
using System.Text;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>steno pull</c>: fetches a model into the store.</summary>
internal sealed class PullCommand : Command
{
    public const string Verb = "pull";

    private readonly Argument<string> _name = new("NAME")
    {
        Description = "0.6b, 1.7b, aligner, silero-vad, transcribe.cpp-0.6b|1.7b, audio.cpp-0.6b|1.7b|aligner, mlx-0.6b|1.7b-4bit|5bit|6bit|8bit|bf16, mlx-aligner-4bit|8bit, or OWNER/REPOSITORY[@REVISION]",
    };

    private readonly Option<string[]> _files = new("--file")
    {
        HelpName = "path",
        Description = "File of the repository to fetch, such as a .gguf; may be given again. Default: those that Steno needs",
    };

    private readonly Option<int?> _parallel = new("--parallel")
    {
        HelpName = "n",
        Description = "Files fetched at the same time, 1 to 16. Default: 3",
        CustomParser = OptionParsers.Parallelism,
    };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        HelpName = "seconds",
        Description = "How long a server may send next to nothing before the connection is made anew. Default: 30",
        CustomParser = OptionParsers.Seconds,
    };

    private readonly Option<bool> _silent = new("--silent") { Arity = ArgumentArity.Zero, Description = "Nothing on standard error but errors" };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    public PullCommand(StandardStreams streams)
        : base(Verb, "Fetches a model, or goes on where an earlier pull ended. Writes the directory of the model to standard output.")
    {
        Arguments.Add(_name);
        foreach (Option option in new Option[] { _files, _parallel, _timeout, _silent, _debug })
            Options.Add(option);
        SetAction((arguments, cancellationToken) => RunAsync(arguments, streams, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        var defaults = new PullOptions();
        var options = new PullOptions
        {
            Files = arguments.GetValue(_files) is { Length: > 0 } files ? files : null,
            Parallelism = arguments.GetValue(_parallel) ?? defaults.Parallelism,
            StallTimeout = arguments.GetValue(_timeout) ?? defaults.StallTimeout,
        };
        PullLog? log = arguments.GetValue(_silent) ? null : new PullLog(streams.Error);
        InstalledModel model;
        try
        {
            model = await ModelStore.Default.PullAsync(arguments.GetValue(_name)!, options, log, cancellationToken).ConfigureAwait(false);
        }
        catch (HubException exception)
        {
            throw new CommandException(ExitCode.Network, exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Output, exception.Message, exception);
        }
        catch (ArgumentException exception) when (exception.GetType() == typeof(ArgumentException))
        {
            throw CommandException.Usage(exception);
        }
        finally
        {
            log?.EndLine();
        }

        log?.Complete(model);
        streams.Write(Encoding.UTF8.GetBytes(model.Directory + "\n"));
        return ExitCode.Success;
    }
}
