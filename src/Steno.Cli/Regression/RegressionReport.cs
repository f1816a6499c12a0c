using System.Buffers;
using System.Text.Json;
using Steno.Scoring;

namespace Steno.Cli.Regression;

/// <summary>A run as one JSON object.</summary>
internal static class RegressionReport
{
    public static byte[] Json(string folder, string model, IReadOnlyList<RegressionWay> ways, RegressionSummary summary)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, TranscriptJsonWriter.Options))
        {
            json.WriteStartObject();
            json.WriteString("folder", folder);
            json.WriteString("model", model);
            json.WriteStartArray("ways");
            foreach (RegressionWay way in ways) json.WriteStringValue(way.Name);
            json.WriteEndArray();
            json.WriteNumber("max_norm", summary.Thresholds.MaxNormalized);
            json.WriteNumber("max_exact", summary.Thresholds.MaxExact);
            if (summary.Thresholds.MaxTotal is { } total) json.WriteNumber("max_total", total);
            else json.WriteNull("max_total");
            json.WriteBoolean("ok", summary.ExitCode == ExitCode.Success);
            json.WriteNumber("passed", summary.Count(RegressionOutcome.Passed));
            json.WriteNumber("regressed", summary.Count(RegressionOutcome.Regressed));
            json.WriteNumber("generated", summary.Count(RegressionOutcome.Generated));
            json.WriteNumber("failed", summary.Count(RegressionOutcome.Failed));
            WriteScore(json, summary.Total);
            WriteSeconds(json, "audio_seconds", summary.Audio);
            WriteSeconds(json, "seconds", summary.Elapsed);
            json.WriteStartArray("files");
            foreach (RegressionResult result in summary.Results) WriteResult(json, result);
            json.WriteEndArray();
            json.WriteStartArray("faults");
            foreach (CommandException fault in summary.Faults) json.WriteStringValue(fault.Message);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteResult(Utf8JsonWriter json, RegressionResult result)
    {
        json.WriteStartObject();
        json.WriteString("file", result.Item.Source.Name);
        json.WriteString("outcome", WordOf(result.Outcome));
        if (result.Score is { } score) WriteScore(json, score);
        json.WriteString("expected", result.Expected);
        json.WriteString("text", result.Text);
        WriteSeconds(json, "audio_seconds", result.Audio);
        WriteSeconds(json, "seconds", result.Time);
        json.WriteStartArray("ways");
        foreach (WayResult way in result.Ways)
        {
            json.WriteStartObject();
            json.WriteString("way", way.Way);
            json.WriteBoolean("same", way.IsSame);
            WriteScore(json, way.Score);
            if (!way.IsSame) json.WriteString("text", way.Text);
            WriteSeconds(json, "seconds", way.Time);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteScore(Utf8JsonWriter json, TextScore score)
    {
        Write("norm", score.Normalized);
        Write("exact", score.Exact);

        void Write(string name, CharacterErrors errors)
        {
            json.WriteNumber(name, Math.Round(errors.Rate, 6));
            json.WriteNumber(name + "_edits", errors.EditCount);
            json.WriteNumber(name + "_characters", errors.CharacterCount);
        }
    }

    private static string WordOf(RegressionOutcome outcome) => outcome switch
    {
        RegressionOutcome.Passed => "passed",
        RegressionOutcome.Regressed => "regressed",
        RegressionOutcome.Generated => "generated",
        _ => "failed",
    };

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan time) => json.WriteNumber(name, Math.Round(time.TotalSeconds, 3));
}
