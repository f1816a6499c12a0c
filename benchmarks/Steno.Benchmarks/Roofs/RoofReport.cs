using System.Globalization;
using System.Text.Json;
using Steno.Benchmarks.Reports;

namespace Steno.Benchmarks.Roofs;

/// <summary>Roofs as a table and as JSON.</summary>
internal static class RoofReport
{
    /// <summary>One row for each thing measured, two columns (best and median) for each number of threads.</summary>
    public static string Text(IReadOnlyList<Roof> roofs)
    {
        int[] threadCounts = [.. roofs.Select(roof => roof.ThreadCount).Distinct().Order()];
        var table = new MarkdownTable(["roof", "unit", .. threadCounts.SelectMany(count => new[] { $"{count} threads, best", "median" })]);
        foreach (IGrouping<(RoofKind Kind, string Name), Roof> row in roofs.GroupBy(roof => (roof.Kind, roof.Name)))
        {
            IEnumerable<string> cells = threadCounts
                .Select(count => row.First(roof => roof.ThreadCount == count))
                .SelectMany(roof => new[] { Giga(roof.Best), Giga(roof.Median) });
            table.Add([NameOf(row.Key.Kind, row.Key.Name), UnitOf(row.Key.Kind), .. cells]);
        }

        return table.ToString();
    }

    public static string NameOf(RoofKind kind, string name) => kind switch
    {
        RoofKind.MemoryRead => name,
        RoofKind.FloatPeak => $"f32 FMA, {name}",
        _ => $"u8*s8 dot, {name}",
    };

    public static string UnitOf(RoofKind kind) => kind switch
    {
        RoofKind.MemoryRead => "GB/s",
        RoofKind.FloatPeak => "GFLOP/s",
        _ => "GOP/s",
    };

    /// <summary>Writes an array of roofs.</summary>
    public static void WriteJson(Utf8JsonWriter json, string property, IEnumerable<Roof> roofs)
    {
        json.WriteStartArray(property);
        foreach (Roof roof in roofs)
        {
            json.WriteStartObject();
            json.WriteString("kind", roof.Kind.ToString());
            json.WriteString("name", roof.Name);
            json.WriteNumber("threads", roof.ThreadCount);
            json.WriteNumber("best", roof.Best);
            json.WriteNumber("median", roof.Median);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Giga(double value) => (value / 1e9).ToString("F1", CultureInfo.InvariantCulture);
}
