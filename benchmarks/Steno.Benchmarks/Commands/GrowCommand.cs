using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Steno.Benchmarks.Growing;

namespace Steno.Benchmarks.Commands;

/// <summary><c>grow</c>: a small checkpoint to the full size.</summary>
internal sealed class GrowCommand : Command
{
    private readonly Option<string> _from = new("--from") { Required = true, HelpName = "dir", Description = "The small checkpoint, such as models/tiny-asr" };

    private readonly Option<string> _to = new("--to") { Required = true, HelpName = "dir", Description = "The directory to write; must be empty or not exist" };

    private readonly Option<string> _size = new("--size") { Required = true, HelpName = "0.6b|1.7b", Description = "Dimensions to grow to: those of Qwen3-ASR-0.6B or -1.7B" };

    private readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        HelpName = "dir",
        Description = "vocab.json, merges.txt and tokenizer_config.json of the larger model. Default: the small model's own tokens; further rows of the vocabulary stay unused",
    };

    private readonly Option<ulong> _seed = new("--seed") { HelpName = "n", DefaultValueFactory = _ => 1, Description = "Seed of the weights that have no effect on the result" };

    public GrowCommand()
        : base("grow", "Grows a small checkpoint to full size; it computes the same function.")
    {
        _size.AcceptOnlyFromAmong("0.6b", "1.7b");
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(_size);
        Options.Add(_tokenizer);
        Options.Add(_seed);
        SetAction((arguments, cancellationToken) => Task.FromResult(Run(arguments, cancellationToken)));
    }

    private int Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        string to = arguments.GetRequiredValue(_to);
        ModelSize size = arguments.GetRequiredValue(_size) == "0.6b" ? ModelSize.Qwen06B : ModelSize.Qwen17B;
        var watch = Stopwatch.StartNew();
        CheckpointGrower.Grow(arguments.GetRequiredValue(_from), to, size, arguments.GetValue(_tokenizer), arguments.GetValue(_seed), cancellationToken);
        double gigabytes = new DirectoryInfo(to).EnumerateFiles("*.safetensors").Sum(file => file.Length) / 1e9;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{to}: {gigabytes:F3} GB of weights in {watch.Elapsed.TotalSeconds:F1} s"));
        return 0;
    }
}
