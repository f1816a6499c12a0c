using System.Globalization;
using System.Text.Json;
using Steno.Benchmarks.Reports;

namespace Steno.Benchmarks.Loads;

/// <summary>Results of loading as text and as JSON. Times are medians of the rounds, ratios medians of the ratios of each round.</summary>
internal static class LoadReport
{
    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    public static string Text(IReadOnlyList<LoadResult> results)
    {
        var table = new MarkdownTable("model", "file MB", "held MB", "s", "of the first", "peak MB", "of held");
        foreach (LoadResult result in results)
        {
            table.Add(
                NameOf(result.Path),
                Megabytes(result.FileBytes),
                Megabytes(result.HeldBytes),
                result.MedianSeconds.ToString("F2", Culture),
                result.TimeRatio(results[0]).ToString("F2", Culture),
                Megabytes(result.MedianPeakBytes),
                (result.MedianPeakBytes / result.HeldBytes).ToString("F2", Culture));
        }

        return table.ToString();
    }

    public static void WriteJson(Utf8JsonWriter json, IReadOnlyList<LoadResult> results)
    {
        json.WriteStartArray("loads");
        foreach (LoadResult result in results)
        {
            json.WriteStartObject();
            json.WriteString("model", NameOf(result.Path));
            json.WriteNumber("file_bytes", result.FileBytes);
            json.WriteNumber("held_bytes", result.HeldBytes);
            json.WriteNumber("s", result.MedianSeconds);
            json.WriteNumber("ratio", result.TimeRatio(results[0]));
            json.WriteNumber("peak_bytes", result.MedianPeakBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    private static string Megabytes(double bytes) => (bytes / 1e6).ToString("F0", Culture);
}
