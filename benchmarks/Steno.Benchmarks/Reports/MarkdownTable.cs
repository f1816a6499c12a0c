using System.Text;

namespace Steno.Benchmarks.Reports;

/// <summary>A Markdown table whose columns line up, so that it reads as well in a terminal. The first column is text, the others numbers.</summary>
internal sealed class MarkdownTable(params string[] headers)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells)
    {
        if (cells.Length != headers.Length) throw new ArgumentException($"The table has {headers.Length} columns, not {cells.Length}.", nameof(cells));
        _rows.Add(cells);
    }

    public override string ToString()
    {
        int[] widths = [.. headers.Select((header, column) => Math.Max(3, _rows.Select(row => row[column].Length).Append(header.Length).Max()))];
        var text = new StringBuilder();
        AppendRow(text, headers, widths);
        AppendRow(text, [.. widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ':')], widths);
        foreach (string[] row in _rows) AppendRow(text, row, widths);
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string[] cells, int[] widths)
    {
        for (int column = 0; column < cells.Length; column++)
            text.Append("| ").Append(column == 0 ? cells[column].PadRight(widths[column]) : cells[column].PadLeft(widths[column])).Append(' ');
        text.Append("|\n");
    }
}
