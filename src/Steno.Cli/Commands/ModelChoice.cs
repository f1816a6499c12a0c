using System.CommandLine;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary>The options that name a model and say how it is held, and the loading of it.</summary>
internal sealed class ModelChoice
{
    public Option<string?> Model { get; } = new("--model", "-d")
    {
        HelpName = "name|path",
        Description = $"Installed model, such as 0.6b (see steno pull), directory of a Qwen3-ASR checkpoint, GGUF or .bin file. Default: 1.7b if installed, else 0.6b, else the only other one, else {AsrModel.BuiltInName}, the small built-in model",
    };

    public Option<string?> Mmproj { get; } = MmprojOption("--mmproj");

    public Option<string[]> Adapters { get; } = AdapterOption();

    public Option<WeightPrecision> Weights { get; } = new("--weights")
    {
        HelpName = "auto|q4|q8|bf16|f32|stored",
        Description = "How weights are held in memory. Default: auto, which is q8 for a checkpoint of 100 million weights or more that is not quantised, else stored",
        CustomParser = OptionParsers.Choice(
            (WeightNames.Auto, WeightPrecision.Auto),
            (WeightNames.Stored, WeightPrecision.Stored),
            (WeightNames.Q4, WeightPrecision.Q4),
            (WeightNames.Q8, WeightPrecision.Q8),
            (WeightNames.BFloat16, WeightPrecision.BFloat16),
            (WeightNames.Float32, WeightPrecision.Float32)),
    };

    public Option<int> Threads { get; } = new("--threads", "-t")
    {
        HelpName = "n",
        Description = "Threads that compute; 0 for all processors. Default: 0",
        CustomParser = OptionParsers.ThreadCount,
    };

    public Option<long> CacheMemory { get; } = new("--cache-memory")
    {
        HelpName = "bytes",
        Description = "Most memory that the KV caches of everything transcribed at the same time may take, such as 2G or 500M. Default: a quarter of the free memory",
        CustomParser = OptionParsers.ByteCount,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Model);
        command.Options.Add(Mmproj);
        command.Options.Add(Adapters);
        command.Options.Add(Weights);
        command.Options.Add(Threads);
        command.Options.Add(CacheMemory);
    }

    /// <summary>An option that names the other file of a pair.</summary>
    public static Option<string?> MmprojOption(string name) => new(name)
    {
        HelpName = "file",
        Description = "The other file of a model that llama.cpp stores in two. Default: looked for beside the first",
    };

    /// <summary>An option that names adapters.</summary>
    public static Option<string[]> AdapterOption() => new("--adapter")
    {
        HelpName = "folder",
        Description = "LoRA adapter to add to the weights: a folder with adapter_config.json and adapter_model.safetensors. May be given again; they are added in this order",
    };

    /// <summary>The adapters that the arguments name.</summary>
    /// <exception cref="CommandException">A name is empty.</exception>
    public static string[] AdaptersOf(ParseResult arguments, Option<string[]> option)
    {
        string[] adapters = arguments.GetValue(option) ?? [];
        return adapters.Contains("") ? throw CommandException.Usage("the name of an adapter is empty") : adapters;
    }

    /// <summary>The model that the arguments name, or the default one.</summary>
    /// <exception cref="CommandException">The name is empty.</exception>
    public SelectedModel Select(ParseResult arguments)
    {
        if (arguments.GetValue(Model) is not { } name)
            return FindInstalled() is { } installed ? new SelectedModel(installed.Name, IsNamed: false, installed) : SelectedModel.BuiltIn;
        if (name.Length == 0)
            throw CommandException.Usage("the name of the model is empty");
        return new SelectedModel(name, IsNamed: true, Installed: null);
    }

    /// <summary>Loads a model as the other arguments say.</summary>
    /// <exception cref="CommandException">The model cannot be loaded.</exception>
    public AsrModel Load(SelectedModel model, ParseResult arguments, CancellationToken cancellationToken)
    {
        var options = new AsrModelOptions
        {
            Weights = arguments.GetValue(Weights),
            CompanionPath = arguments.GetValue(Mmproj),
            Adapters = AdaptersOf(arguments, Adapters),
            CacheMemory = arguments.GetValue(CacheMemory) is var bytes and > 0 ? bytes : null,
            ThreadCount = arguments.GetValue(Threads) is var count and > 0 ? count : null,
        };
        try
        {
            return AsrModel.Load(model.Name, options, cancellationToken);
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

    // A store that cannot be read has no default: the built-in model is used, and the log says so.
    private static InstalledModel? FindInstalled()
    {
        try
        {
            return ModelStore.Default.FindDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
