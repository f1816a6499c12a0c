using System.CommandLine;
using Steno.Benchmarks.Charts;

namespace Steno.Benchmarks.Commands;

/// <summary><c>chart</c>: the stages of a folder of results as a picture.</summary>
internal sealed class ChartCommand : Command
{
    private readonly Option<string> _from = new("--from") { HelpName = "dir", Required = true, Description = "Folder of a processor, such as benchmarks/results/PROCESSOR" };

    private readonly Option<string> _to = new("--to") { HelpName = "file", Required = true, Description = "SVG file to write" };

    public ChartCommand()
        : base("chart", "Draws the stages of a processor's results beside their roofs.")
    {
        Options.Add(_from);
        Options.Add(_to);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        string folder = arguments.GetValue(_from)!;
        string[] reports = [.. Directory.GetFiles(folder, "stages-*.md").Order(StringComparer.Ordinal)];
        if (reports.Length == 0) throw new BenchmarkException($"{folder}: there is no report of stages; 'stages --results' writes one.");
        const string ProcessorLine = "Processor:";
        string processor = File.ReadLines(Path.Combine(folder, "versions.txt")).First(line => line.StartsWith(ProcessorLine, StringComparison.Ordinal))[ProcessorLine.Length..].Trim();
        File.WriteAllText(arguments.GetValue(_to)!, StageChart.Draw(processor, [.. reports.Select(StageTable.Read)]));
        return 0;
    }
}
