using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;
using Steno.Benchmarks.Microbenchmarks;
using Steno.Benchmarks.Reports;
using Steno.Benchmarks.Roofs;
using Steno.Kernels;

namespace Steno.Benchmarks.Commands;

/// <summary><c>kernels</c>: each kernel alone, with BenchmarkDotNet.</summary>
internal sealed class KernelsCommand : Command
{
    private static readonly Type[] Benchmarks = [typeof(GemmBenchmark), typeof(AttentionBenchmark), typeof(RowBenchmark), typeof(MelBenchmark)];

    private readonly Option<string[]> _filter = new("--filter")
    {
        HelpName = "glob",
        DefaultValueFactory = _ => ["*"],
        AllowMultipleArgumentsPerToken = true,
        Description = "Benchmarks to run, such as *Gemm* or *Attention*",
    };

    private readonly Option<string?> _results = new("--results")
    {
        HelpName = "dir",
        Description = "Also writes the tables as Markdown to a folder of this processor in that directory, such as benchmarks/results",
    };

    private readonly Option<bool> _verbose = new("--verbose") { Arity = ArgumentArity.Zero, Description = "Shows all that BenchmarkDotNet logs" };

    public KernelsCommand()
        : base("kernels", "Measures matrix products, attention, norms, activations and the mel spectrogram alone.")
    {
        Options.Add(_filter);
        Options.Add(_results);
        Options.Add(_verbose);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        KernelPaths.RequireValidVariable();
        IColumn[] columns = RoofColumn.Create(MeasureRoofs());
        string artifacts = Directory.CreateTempSubdirectory("steno-benchmarks-").FullName;
        try
        {
            bool hasFailed = false;
            foreach (Type type in Benchmarks)
            {
                IConfig config = Config(arguments, columns, artifacts);
                BenchmarkRunInfo run = BenchmarkConverter.TypeToBenchmarks(type, config);
                if (run.BenchmarksCases.Length == 0) continue;
                Console.Error.WriteLine($"{type.Name}: {run.BenchmarksCases.Length} cases");
                Summary summary = BenchmarkRunner.Run(run);
                hasFailed |= summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success);
                Report(arguments, type.Name, summary);
            }

            return hasFailed ? 1 : 0;
        }
        finally
        {
            Directory.Delete(artifacts, recursive: true);
        }
    }

    private static Dictionary<int, IReadOnlyList<Roof>> MeasureRoofs()
    {
        var survey = new RoofSurvey();
        return GemmBenchmark.ThreadCounts.ToDictionary(threads => threads, threads => survey.Measure(threads, KernelPaths.Selected));
    }

    // In this process: nothing is built or restored, and the environment that chooses the kernel path stays.
    private ManualConfig Config(ParseResult arguments, IColumn[] columns, string artifacts)
    {
        Job job = Job.Default
            .WithToolchain(InProcessNoEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(10)
            .WithIterationTime(TimeInterval.FromMilliseconds(100))
            .WithId(KernelPaths.Selected.ToString());
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddColumn(TargetMethodColumn.Method)
            .AddColumnProvider(DefaultColumnProviders.Params)
            .AddColumn(StatisticColumn.Mean, StatisticColumn.StdDev, StatisticColumn.Min)
            .AddColumn(columns)
            .AddFilter(new GlobFilter(arguments.GetValue(_filter) ?? ["*"]))
            .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared))
            .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(60))
            .WithArtifactsPath(artifacts)
            .WithOption(ConfigOptions.DisableLogFile, true);
        config.AddLogger(arguments.GetValue(_verbose) ? ConsoleLogger.Default : NullLogger.Instance);
        return config;
    }

    private void Report(ParseResult arguments, string name, Summary summary)
    {
        string text = $"Kernels {KernelPaths.Selected}.\n\n{TableOf(summary)}";
        Console.Write(text + "\n");
        if (arguments.GetValue(_results) is { } directory)
            Results.WriteMarkdown(directory, $"kernels-{name}-{KernelPaths.Selected}", name, text);
    }

    // BenchmarkDotNet's own table without the bold type that it marks the first row of each group with.
    private static MarkdownTable TableOf(Summary summary)
    {
        var table = new MarkdownTable([.. summary.Table.FullHeader.Where((_, column) => summary.Table.Columns[column].NeedToShow)]);
        foreach (string[] row in summary.Table.FullContent)
            table.Add([.. row.Where((_, column) => summary.Table.Columns[column].NeedToShow)]);
        return table;
    }
}
