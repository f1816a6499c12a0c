using System.Globalization;
using System.Text;
using System.Text.Json;
using Steno.Benchmarks.Reports;

namespace Steno.Benchmarks.Steps;

/// <summary>A <see cref="StepResult"/> as text and as JSON. Times are medians of the rounds, ratios medians of the ratios of each round.</summary>
internal sealed class StepReport(StepResult result)
{
    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    public string Text()
    {
        StepSetup setup = result.Setup;
        var text = new StringBuilder();
        text.Append(Culture, $"Model {Path.GetFileName(Path.TrimEndingDirectorySeparator(setup.Model))}, weights {setup.Weights}; sequences of {setup.PositionCount} positions; ");
        text.Append(Culture, $"{setup.ThreadCount} threads; kernels {result.Kernels}; medians of {setup.RoundCount} rounds.\n\n");
        int first = setup.SequenceCounts[0];
        var table = new MarkdownTable("sequences", "ms a step", "best", "tok/s", $"time of {first}", $"tok/s of {first}");
        for (int i = 0; i < setup.SequenceCounts.Count; i++)
        {
            int count = setup.SequenceCounts[i];
            double seconds = result.Median(i);
            table.Add(
                count.ToString(Culture),
                (seconds * 1e3).ToString("F2", Culture),
                (result.Best(i) * 1e3).ToString("F2", Culture),
                (count / seconds).ToString("F1", Culture),
                result.Ratio(i).ToString("F2", Culture),
                result.Speedup(i).ToString("F2", Culture));
        }

        return text.Append(table).ToString();
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        StepSetup setup = result.Setup;
        json.WriteString("model", setup.Model);
        json.WriteString("weights", setup.Weights.ToString());
        json.WriteString("kernels", result.Kernels);
        json.WriteNumber("threads", setup.ThreadCount);
        json.WriteNumber("positions", setup.PositionCount);
        json.WriteNumber("rounds", setup.RoundCount);
        json.WriteStartArray("steps");
        for (int i = 0; i < setup.SequenceCounts.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("sequences", setup.SequenceCounts[i]);
            json.WriteNumber("s", result.Median(i));
            json.WriteNumber("best_s", result.Best(i));
            json.WriteNumber("time_ratio", result.Ratio(i));
            json.WriteNumber("throughput_ratio", result.Speedup(i));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
