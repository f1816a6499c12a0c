using Steno.Benchmarks.Reports;

namespace Steno.Benchmarks.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public void Columns_of_a_table_line_up()
    {
        var table = new MarkdownTable("what", "ms");
        table.Add("a long name", "1.5");
        table.Add("b", "1000.25");

        Assert.Equal(
            """
            | what        |      ms |
            | ----------- | ------: |
            | a long name |     1.5 |
            | b           | 1000.25 |

            """,
            table.ToString(),
            ignoreLineEndingDifferences: true);
        Assert.Throws<ArgumentException>(() => table.Add("one cell"));
    }

    [Fact]
    public void Results_lie_in_a_folder_of_the_processor_beside_the_versions()
    {
        using var directory = new TemporaryDirectory();
        Results.WriteMarkdown(directory.Path, "roofs", "Roofs", "text\n");

        Assert.Matches("^[a-z0-9.-]+$", Machine.FolderName);
        Assert.Equal("# Roofs\n\ntext\n", File.ReadAllText(directory.PathOf(Machine.FolderName, "roofs.md")));
        Assert.Contains(Machine.ProcessorName, File.ReadAllText(directory.PathOf(Machine.FolderName, "versions.txt")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 9, 2 }, 3)]
    public void The_median_is_the_middle(double[] values, double expected) => Assert.Equal(expected, Statistics.Median(values));
}
