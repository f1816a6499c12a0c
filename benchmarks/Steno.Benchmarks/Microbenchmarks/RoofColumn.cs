using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Steno.Benchmarks.Roofs;

namespace Steno.Benchmarks.Microbenchmarks;

/// <summary>Columns that set a benchmark's mean time against the work of its case and the roofs of the machine.</summary>
internal sealed class RoofColumn : IColumn
{
    private readonly Func<KernelWork, double, int, string> _cell;

    private RoofColumn(string name, string legend, Func<KernelWork, double, int, string> cell)
    {
        ColumnName = name;
        Legend = legend;
        _cell = cell;
    }

    public string Id => $"{nameof(RoofColumn)}.{ColumnName}";

    public string ColumnName { get; }

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend { get; }

    /// <summary>The columns.</summary>
    /// <param name="roofs">For each number of threads what was measured.</param>
    public static IColumn[] Create(IReadOnlyDictionary<int, IReadOnlyList<Roof>> roofs) =>
    [
        new RoofColumn("GFLOP/s", "Float operations of the case over its mean time", (work, seconds, _) => Giga(work.Flops / seconds)),
        new RoofColumn("GB/s", "Bytes of weights over the mean time", (work, seconds, _) => work.Bytes > 0 ? Giga(work.Bytes / seconds) : "-"),
        new RoofColumn("Share of roof", "Least time at the roofs of memory and arithmetic over the mean time", (work, seconds, threads) =>
        {
            double read = roofs[threads].First(roof => roof.Kind == RoofKind.MemoryRead).Best;
            Roof peak = roofs[threads].FirstOrDefault(roof => roof.Kind == work.Arithmetic) ?? roofs[threads].First(roof => roof.Kind == RoofKind.FloatPeak);
            double least = Math.Max(work.Flops / peak.Best, work.Bytes / read);
            return string.Create(CultureInfo.InvariantCulture, $"{100 * least / seconds:F1} %");
        }),
    ];

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(benchmark => WorkOf(benchmark) is not null);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        if (WorkOf(benchmarkCase) is not { } work || summary[benchmarkCase]?.ResultStatistics is not { } statistics) return "-";
        return _cell(work, statistics.Mean / 1e9, ThreadsOf(benchmarkCase));
    }

    public override string ToString() => ColumnName;

    private static KernelWork? WorkOf(BenchmarkCase benchmarkCase) =>
        benchmarkCase.Parameters.Items.Select(parameter => parameter.Value).OfType<KernelWork>().FirstOrDefault();

    private static int ThreadsOf(BenchmarkCase benchmarkCase) =>
        benchmarkCase.Parameters.Items.FirstOrDefault(parameter => parameter.Name == nameof(GemmBenchmark.Threads))?.Value as int? ?? 1;

    private static string Giga(double value) => (value / 1e9).ToString("F1", CultureInfo.InvariantCulture);
}
