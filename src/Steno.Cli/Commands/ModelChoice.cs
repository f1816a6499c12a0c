using System.CommandLine;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary>The options that name a model and say how it is held, and the loading of it.</summary>
internal sealed class ModelChoice
{
    public Option<string?> Model { get; } = new("--model", "-d")
    {
        HelpName = "dir",
        Description = $"Directory of a Qwen3-ASR checkpoint. Default: {AsrModel.BuiltInName}, the small built-in model",
    };

    public Option<WeightPrecision> Weights { get; } = new("--weights")
    {
        HelpName = "auto|bf16|f32",
        Description = "How weights are held in memory. Default: auto, as the checkpoint stores them",
        CustomParser = OptionParsers.Choice(
            (WeightNames.Auto, WeightPrecision.Auto),
            (WeightNames.BFloat16, WeightPrecision.BFloat16),
            (WeightNames.Float32, WeightPrecision.Float32)),
    };

    public Option<int> Threads { get; } = new("--threads", "-t")
    {
        HelpName = "n",
        Description = "Threads that compute; 0 for all processors. Default: 0",
        CustomParser = OptionParsers.ThreadCount,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Model);
        command.Options.Add(Weights);
        command.Options.Add(Threads);
    }

    /// <summary>Loads the model that the arguments name.</summary>
    /// <exception cref="CommandException">The model cannot be loaded.</exception>
    public AsrModel Load(ParseResult arguments, CancellationToken cancellationToken)
    {
        string name = arguments.GetValue(Model) ?? AsrModel.BuiltInName;
        if (name.Length == 0)
            throw CommandException.Usage("the name of the model is empty");
        var options = new AsrModelOptions
        {
            Weights = arguments.GetValue(Weights),
            ThreadCount = arguments.GetValue(Threads) is var count and > 0 ? count : null,
        };
        try
        {
            return AsrModel.Load(name, options, cancellationToken);
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
