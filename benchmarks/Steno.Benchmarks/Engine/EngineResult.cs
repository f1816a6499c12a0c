using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Steno.Benchmarks.Engine;

/// <summary>What was measured, one value for each round; times in seconds.</summary>
internal sealed record EngineResult
{
    public required EngineSetup Setup { get; init; }

    /// <summary>Beginning of a short clip to its first token, with nobody else there.</summary>
    public required double[] Alone { get; init; }

    /// <summary>The same while the long clip is prefilled.</summary>
    public required double[] Beside { get; init; }

    /// <summary>One pass of the long clip's prompt while nobody else is there: what a newcomer may have to wait for.</summary>
    public required double[] Chunk { get; init; }

    /// <summary>Cancellation of the long clip to the moment at which its pages are free.</summary>
    public required double[] Cancel { get; init; }

    /// <summary>Bytes for each of some ended sequences that are kept to go on, divided by those of their caches.</summary>
    public required double IdleBytes { get; init; }

    public string Text()
    {
        var text = new StringBuilder();
        double alone = Statistics.Median(Alone);
        double beside = Statistics.Median(Beside);
        double chunk = Statistics.Median(Chunk);
        Line("first token of a short clip alone", Alone);
        Line($"beside {Setup.Minutes} minutes in prefill", Beside);
        Line("one pass of those minutes", Chunk);
        Line("cancelled to memory free", Cancel);
        text.Append(CultureInfo.InvariantCulture, $"(beside - one pass) / alone = {(beside - chunk) / alone:F2}\n");
        text.Append(CultureInfo.InvariantCulture, $"memory of idle sequences / their caches = {IdleBytes:F3}\n");
        return text.ToString();

        void Line(string name, double[] seconds) => text.Append(CultureInfo.InvariantCulture, $"{name,-40} {Statistics.Median(seconds) * 1000,8:F1} ms  ({seconds.Min() * 1000:F1} to {seconds.Max() * 1000:F1})\n");
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        Write("alone_seconds", Alone);
        Write("beside_seconds", Beside);
        Write("chunk_seconds", Chunk);
        Write("cancel_seconds", Cancel);
        json.WriteNumber("idle_bytes_by_cache_bytes", IdleBytes);

        void Write(string name, double[] seconds)
        {
            json.WriteStartArray(name);
            foreach (double value in seconds) json.WriteNumberValue(value);
            json.WriteEndArray();
        }
    }
}
