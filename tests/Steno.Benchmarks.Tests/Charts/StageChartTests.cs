using System.Globalization;
using System.Xml.Linq;
using Steno.Benchmarks.Charts;

namespace Steno.Benchmarks.Tests.Charts;

public sealed class StageChartTests
{
    [Fact]
    public void Bars_are_as_long_as_the_stages_of_the_recorded_reports_took()
    {
        string folder = Directory.GetDirectories(Repository.PathOf("benchmarks", "results")).Order(StringComparer.Ordinal).First();
        StageTable[] tables = [.. Directory.GetFiles(folder, "stages-*.md").Order(StringComparer.Ordinal).Select(StageTable.Read)];
        Assert.NotEmpty(tables);

        XElement svg = XDocument.Parse(StageChart.Draw("A <processor> & more", tables)).Root!;

        XNamespace space = svg.Name.Namespace;
        double[] widths = [.. svg.Elements(space + "rect").Skip(3).Select(bar => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture))];
        StageTable.Stage[] stages = [.. tables.SelectMany(table => table.Stages)];
        Assert.Equal(2 * stages.Length, widths.Length);
        double scale = widths.Max() / stages.Max(stage => stage.Milliseconds);
        for (int i = 0; i < stages.Length; i++)
        {
            Assert.Equal(stages[i].Milliseconds * scale, widths[2 * i], 0.01);
            Assert.Equal(stages[i].AtRoof * scale, widths[(2 * i) + 1], 0.01);
        }

        Assert.Contains("A <processor> & more", svg.Elements(space + "text").Select(text => text.Value));
    }

    [Fact]
    public void A_file_that_is_no_report_of_stages_is_named()
    {
        string path = Repository.PathOf("README.md");
        Assert.Contains(path, Assert.Throws<BenchmarkException>(() => StageTable.Read(path)).Message, StringComparison.Ordinal);
    }
}
