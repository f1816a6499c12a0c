using System.Globalization;
using System.Security;
using System.Text;

namespace Steno.Benchmarks.Charts;

/// <summary>Bars of the stages of some reports beside their roofs, as an SVG picture that needs nothing else.</summary>
/// <remarks>Each stage is a bar as long as it took; the dark part is what the roof would leave of it. All bars have one scale.</remarks>
internal static class StageChart
{
    private const int Width = 760;
    private const int Left = 100;
    private const int Right = 150;
    private const int BarHeight = 16;
    private const int RowHeight = 24;
    private const int TitleHeight = 34;
    private const int HeadHeight = 58;

    /// <summary>Draws the chart.</summary>
    /// <param name="processor">What it was measured on.</param>
    /// <param name="tables">The reports, from top to bottom.</param>
    public static string Draw(string processor, IReadOnlyList<StageTable> tables)
    {
        int height = HeadHeight + tables.Sum(table => TitleHeight + (table.Stages.Count * RowHeight)) + 12;
        double scale = (Width - Left - Right) / tables.SelectMany(table => table.Stages).Max(stage => stage.Milliseconds);
        var svg = new StringBuilder();
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n");
        Append(svg, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        Text(svg, 16, 24, processor, " font-size=\"15\" font-weight=\"600\"");
        Bar(svg, 16, 34, 12, "#1f6f8b");
        Text(svg, 34, 45, "time at the roof of the machine");
        Bar(svg, 246, 34, 12, "#9fd0dd");
        Text(svg, 264, 45, "time beyond it; milliseconds, and the share of the roof that is reached");
        int y = HeadHeight;
        foreach (StageTable table in tables)
        {
            Text(svg, 16, y + 20, table.Title, " fill=\"#555555\" font-size=\"12\"");
            y += TitleHeight;
            foreach (StageTable.Stage stage in table.Stages)
            {
                Row(svg, stage, y, scale);
                y += RowHeight;
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Row(StringBuilder svg, StageTable.Stage stage, int y, double scale)
    {
        Text(svg, Left - 8, y + 13, stage.Name, " text-anchor=\"end\"");
        Bar(svg, Left, y, stage.Milliseconds * scale, "#9fd0dd");
        Bar(svg, Left, y, Math.Min(stage.AtRoof, stage.Milliseconds) * scale, "#1f6f8b");
        string label = string.Create(CultureInfo.InvariantCulture, $"{stage.Milliseconds:0.0} ms, {100 * stage.AtRoof / stage.Milliseconds:0} %");
        Text(svg, Left + (stage.Milliseconds * scale) + 8, y + 13, label);
    }

    private static void Bar(StringBuilder svg, double x, int y, double width, string fill) =>
        Append(svg, $"<rect x=\"{x:0.##}\" y=\"{y}\" width=\"{width:0.##}\" height=\"{BarHeight}\" fill=\"{fill}\"/>\n");

    private static void Text(StringBuilder svg, double x, int y, string text, string attributes = "") =>
        Append(svg, $"<text x=\"{x:0.##}\" y=\"{y}\"{attributes}>{SecurityElement.Escape(text)}</text>\n");

    private static void Append(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
