using System.CommandLine;
using System.Text;
using Steno.Checkpoints;
using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary>What <c>steno convert</c> and <c>steno quantize</c> have in common: the model, the output, and the writing of it.</summary>
internal sealed class ExportChoice
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = $"Installed model, directory of a Qwen3-ASR checkpoint, GGUF or .bin file, or {AsrModel.BuiltInName}",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "file",
        Description = "GGUF file to write, whole or not at all; with --dialect llama.cpp the audio tower goes beside it into mmproj-FILE",
        Required = true,
    };

    private readonly Option<ExportDialect> _dialect = new("--dialect")
    {
        HelpName = "crispasr|llama.cpp|transcribe.cpp",
        Description = "crispasr: one file with everything. llama.cpp: language model and audio tower in two files. transcribe.cpp: one file, for Handy too. Steno reads all. Default: crispasr",
        CustomParser = OptionParsers.Choice(("crispasr", ExportDialect.CrispAsr), ("llama.cpp", ExportDialect.LlamaCpp), ("transcribe.cpp", ExportDialect.TranscribeCpp)),
    };

    private readonly Option<string?> _mmproj = ModelChoice.MmprojOption("--mmproj");

    private readonly Option<string[]> _adapters = ModelChoice.AdapterOption();

    private readonly Option<bool> _force = new("--force") { Arity = ArgumentArity.Zero, Description = "Replace files that are there" };

    private readonly Option<int> _threads = new ModelChoice().Threads;

    private readonly Option<bool> _silent = new("--silent") { Arity = ArgumentArity.Zero, Description = "Nothing on standard error but errors" };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    /// <summary>Adds arguments and options to a command, its own between them.</summary>
    public void AddTo(Command command, Argument? ownArgument, params Option[] ownOptions)
    {
        command.Arguments.Add(_model);
        if (ownArgument is not null) command.Arguments.Add(ownArgument);
        foreach (Option option in new Option[] { _output, _dialect }.Concat(ownOptions).Concat([_mmproj, _adapters, _force, _threads, _silent, _debug]))
            command.Options.Add(option);
    }

    /// <summary>Writes the model.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="options">What the command's own options say.</param>
    /// <param name="streams">Where to tell of it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">The model cannot be read, or the output not be written.</exception>
    public async Task<int> RunAsync(ParseResult arguments, ExportOptions options, StandardStreams streams, CancellationToken cancellationToken)
    {
        string model = arguments.GetValue(_model)!;
        string output = arguments.GetValue(_output)!;
        if (model.Length == 0) throw CommandException.Usage("the name of the model is empty");
        if (output.Length == 0) throw CommandException.Usage("the name of the output file is empty");
        if (StandardStreams.IsOutput(output))
            throw CommandException.Usage("a model cannot be written to standard output, which gets the names of its files: name a file (a file called - is ./-)");
        options = options with
        {
            Dialect = arguments.GetValue(_dialect),
            CompanionPath = arguments.GetValue(_mmproj),
            Adapters = ModelChoice.AdaptersOf(arguments, _adapters),
            Overwrite = arguments.GetValue(_force),
            ThreadCount = arguments.GetValue(_threads) is var count and > 0 ? count : null,
        };
        AudioFiles.Require(options.CalibrationAudio ?? []);
        InputFiles read = new InputFiles().AddModel(model).Add(options.CompanionPath).AddEach(options.Adapters).AddEach(options.CalibrationAudio ?? []);
        read.RequireOtherThanStandardOutput().RequireOther(output);
        Checkpoint checkpoint = Open(model, options);
        ExportLog? log = arguments.GetValue(_silent) ? null : new ExportLog(streams.Error);
        ExportedModel written;
        try
        {
            using IDisposable unfinished = OutputFile.BeginUnfinished();
            using var heartbeat = new Heartbeat(streams.Error, log is not null, time => log!.IsWriting ? null : $"{model}: at work for {time}");
            written = await ModelExporter.ExportAsync(checkpoint, output, options, log, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Describe(model, output, exception);
        }
        finally
        {
            log?.EndLine();
        }

        log?.Complete(written);
        streams.Write(Encoding.UTF8.GetBytes(string.Concat(written.Files.Select(file => file.Path + "\n"))));
        return ExitCode.Success;
    }

    private static CommandException Describe(string model, string output, Exception exception) => exception switch
    {
        AudioFormatException => new CommandException(ExitCode.Audio, exception.Message, exception),
        StenoException => new CommandException(ExitCode.Model, $"{exception.Message} Nothing was written to {output}", exception),
        IOException or UnauthorizedAccessException => new CommandException(ExitCode.Output, $"{model}: {exception.Message}", exception),
        OutOfMemoryException => new CommandException(ExitCode.InternalFault, $"{model}: there is not enough memory to write {output}", exception),
        ArgumentException argument when argument.GetType() == typeof(ArgumentException) => CommandException.Usage(argument),
        _ => new CommandException(ExitCode.InternalFault, $"{model}: this is a fault in Steno, please report it: {exception.GetType().Name}: {exception.Message} (while writing {output})", exception),
    };

    // On its own, so that a file that cannot be read is told from one that cannot be written.
    private static Checkpoint Open(string model, ExportOptions options)
    {
        try
        {
            return ModelExporter.Open(model, options);
        }
        catch (Exception exception) when (exception is StenoException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Model, exception.Message, exception);
        }
    }
}
