using System.CommandLine;
using System.Text;
using Steno.Cli.Input;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>steno pack</c>: writes a model as it lies in memory.</summary>
internal sealed class PackCommand : Command
{
    public const string Verb = "pack";

    private readonly ModelChoice _choice = new();

    private readonly Argument<string> _model = new("MODEL") { Description = $"Installed model, directory of a Qwen3-ASR checkpoint, GGUF or .bin file, or {AsrModel.BuiltInName}" };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "file",
        Description = "File to write, whole or not at all. Default: beside the model, where it is looked for whenever the model is loaded with the same --weights",
    };

    private readonly Option<bool> _silent = new("--silent") { Arity = ArgumentArity.Zero, Description = "Nothing on standard error but errors" };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = "Traces of faults" };

    public PackCommand(StandardStreams streams)
        : base(Verb, "Writes a model as it lies in memory, so that loading it takes no time. Writes the path of the file to standard output.")
    {
        Arguments.Add(_model);
        foreach (Option option in new Option[] { _choice.Weights, _output, _choice.Mmproj, _choice.Threads, _silent, _debug })
            Options.Add(option);
        SetAction((arguments, cancellationToken) => Task.Run(() => Run(arguments, streams, cancellationToken), CancellationToken.None));
    }

    private int Run(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        string model = arguments.GetValue(_model)!;
        string? output = arguments.GetValue(_output);
        if (model.Length == 0) throw CommandException.Usage("the name of the model is empty");
        if (output is "") throw CommandException.Usage("the name of the output file is empty");
        if (output is not null && StandardStreams.IsOutput(output))
            throw CommandException.Usage("a packed model cannot be written to standard output, which gets the name of its file: name a file (a file called - is ./-)");
        var read = new InputFiles().AddModel(model).Add(arguments.GetValue(_choice.Mmproj)).RequireOtherThanStandardOutput();
        if (output is not null && !output.EndsWith(ModelPacker.Suffix, StringComparison.Ordinal)) read.RequireOther(output);
        bool isSilent = arguments.GetValue(_silent);
        try
        {
            using var heartbeat = new Heartbeat(streams.Error, !isSilent, time => $"packing {model}: at work for {time}");
            PackedModelFile packed = ModelPacker.Pack(model, OptionsOf(arguments, output), cancellationToken);
            if (!isSilent) streams.Error.WriteLine($"Packed {OneLine.Of(model)}: {Sizes.Text(packed.ByteCount)}");
            streams.Write(Encoding.UTF8.GetBytes(packed.Path + "\n"));
            return ExitCode.Success;
        }
        catch (StenoException exception)
        {
            throw new CommandException(ExitCode.Model, exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Output, exception.Message, exception);
        }
        catch (NotSupportedException exception)
        {
            // The environment variable STENO_KERNEL names a path that this machine does not have.
            throw new CommandException(ExitCode.Usage, exception.Message, exception);
        }
    }

    private PackOptions OptionsOf(ParseResult arguments, string? output) => new()
    {
        Weights = arguments.GetValue(_choice.Weights),
        OutputPath = output,
        CompanionPath = arguments.GetValue(_choice.Mmproj),
        ThreadCount = arguments.GetValue(_choice.Threads) is var count and > 0 ? count : null,
    };
}
