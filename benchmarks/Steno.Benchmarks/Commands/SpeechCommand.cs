using System.CommandLine;
using Steno.Benchmarks.Speech;

namespace Steno.Benchmarks.Commands;

/// <summary><c>speech</c>: what the speech detectors miss and invent, and what they cost.</summary>
internal sealed class SpeechCommand : Command
{
    private readonly Option<string> _data = new("--data") { Required = true, HelpName = "dir", Description = "Folder of sentences to compose talks from, with its manifest.jsonl" };

    private readonly Option<int> _minutes = new("--minutes") { HelpName = "n", DefaultValueFactory = _ => 10, Description = "Length of each talk" };

    private readonly Option<int> _seed = new("--seed") { HelpName = "n", DefaultValueFactory = _ => 1, Description = "Of the talks" };

    public SpeechCommand()
        : base("speech", "Composes talks with noise and music, and tells what the speech detectors miss and invent in them.")
    {
        _minutes.RequireRange(1);
        foreach (Option option in new Option[] { _data, _minutes, _seed }) Options.Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var benchmark = new SpeechBenchmark(arguments.GetRequiredValue(_data), TimeSpan.FromMinutes(arguments.GetValue(_minutes)), arguments.GetValue(_seed));
        Console.Write(benchmark.Run());
        return 0;
    }
}
