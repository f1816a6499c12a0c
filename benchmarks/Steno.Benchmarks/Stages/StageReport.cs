using System.Globalization;
using System.Text;
using System.Text.Json;
using Steno.Benchmarks.Reports;
using Steno.Benchmarks.Roofs;

namespace Steno.Benchmarks.Stages;

/// <summary>A <see cref="StageResult"/> as text and as JSON. Times are medians of the passes.</summary>
internal sealed class StageReport(StageResult result)
{
    private readonly double _mel = Median(result, pass => pass.Mel);
    private readonly double _stem = Median(result, pass => pass.Stem);
    private readonly double _encoder = Median(result, pass => pass.Encoder);
    private readonly double _prefill = Median(result, pass => pass.Prefill);
    private readonly double _step = Statistics.Median(result.Passes.SelectMany(pass => pass.Steps));
    private readonly double _firstToken = Median(result, pass => pass.FirstToken);
    private readonly double _total = Median(result, pass => pass.Total);

    private double LoadToFirstToken => result.LoadSeconds + result.FirstPass.FirstToken;

    // Mel has no roof here and counts as it is.
    private double TotalAtRoofs =>
        _mel + AtRoof(result.Stem) + AtRoof(result.Encoder) + AtRoof(result.Prefill) + (result.Setup.StepCount * AtRoof(result.Step));

    public string Text()
    {
        var text = new StringBuilder();
        StageSetup setup = result.Setup;
        text.Append(Culture, $"Model {Path.GetFileName(Path.TrimEndingDirectorySeparator(setup.Model))}, {Gigabytes(result.WeightBytes)} of weights; ");
        text.Append(Culture, $"{Path.GetFileName(setup.Audio)}, {result.AudioSeconds:F1} s, {result.PromptRowCount} rows of prompt; {setup.StepCount} decode steps; ");
        text.Append(Culture, $"{setup.ThreadCount} threads; kernels {result.KernelPath}; medians of {setup.RepeatCount} passes.\n\n");
        text.Append(StageTable()).Append('\n');
        text.Append(TotalTable()).Append('\n');
        text.Append(RoofTable());
        return text.ToString();
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        StageSetup setup = result.Setup;
        json.WriteString("model", setup.Model);
        json.WriteString("audio", setup.Audio);
        json.WriteString("attention", setup.Attention.ToString());
        json.WriteString("weights", setup.Weights.ToString());
        json.WriteString("kernel_path", result.KernelPath);
        json.WriteNumber("threads", setup.ThreadCount);
        json.WriteNumber("audio_s", result.AudioSeconds);
        json.WriteNumber("prompt_rows", result.PromptRowCount);
        json.WriteNumber("steps", setup.StepCount);
        json.WriteNumber("passes", setup.RepeatCount);
        json.WriteNumber("mel_s", _mel);
        WriteStage(json, "stem", _stem, result.Stem);
        WriteStage(json, "encoder", _encoder, result.Encoder);
        WriteStage(json, "prefill", _prefill, result.Prefill);
        WriteStage(json, "step", _step, result.Step);
        json.WriteNumber("first_token_s", _firstToken);
        json.WriteNumber("total_s", _total);
        json.WriteNumber("total_at_roofs_s", TotalAtRoofs);
        json.WriteNumber("real_time_factor", _total / result.AudioSeconds);
        json.WriteNumber("load_s", result.LoadSeconds);
        json.WriteNumber("load_to_first_token_s", LoadToFirstToken);
        json.WriteNumber("weight_bytes", result.WeightBytes);
        json.WriteNumber("file_bytes", result.FileBytes);
        if (result.PeakMemoryBytes is { } peak) json.WriteNumber("peak_memory_bytes", peak);
        RoofReport.WriteJson(json, "roofs_before", result.RoofsBefore);
        RoofReport.WriteJson(json, "roofs_after", result.RoofsAfter);
    }

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static double Median(StageResult result, Func<PassTimes, double> stage) => Statistics.Median(result.Passes.Select(stage));

    private static string Milliseconds(double seconds) => (seconds * 1e3).ToString(seconds < 0.1 ? "F2" : "F1", Culture);

    private static string Gigabytes(double bytes) => (bytes / 1e9).ToString("F3", Culture) + " GB";

    private double AtRoof(StageWork work) => work.SecondsAt(result.PeakOf(work), result.ReadRoof);

    private string StageTable()
    {
        var table = new MarkdownTable("stage", "ms", "work", "reached", "roof", "ms at the roof", "share");
        table.Add("mel", Milliseconds(_mel), string.Empty, string.Empty, string.Empty, string.Empty, string.Empty);
        AddStage(table, "stem", _stem, result.Stem);
        AddStage(table, "encoder", _encoder, result.Encoder);
        AddStage(table, "stem + encoder", _stem + _encoder, new StageWork(result.Stem.Flops + result.Encoder.Flops, result.Stem.Bytes + result.Encoder.Bytes, result.Encoder.Arithmetic));
        AddStage(table, "prefill", _prefill, result.Prefill);
        AddStage(table, "decode step", _step, result.Step);
        return table.ToString();
    }

    private void AddStage(MarkdownTable table, string name, double seconds, StageWork work)
    {
        bool isMemory = work.IsLimitedByMemory(result.PeakOf(work), result.ReadRoof);
        double amount = isMemory ? work.Bytes : work.Flops;
        double roof = isMemory ? result.ReadRoof : result.PeakOf(work);
        string unit = isMemory ? "GB" : "GFLOP";
        table.Add(
            name,
            Milliseconds(seconds),
            string.Create(Culture, $"{amount / 1e9:F2} {unit}"),
            string.Create(Culture, $"{amount / seconds / 1e9:F1} {unit}/s"),
            string.Create(Culture, $"{roof / 1e9:F1} {unit}/s"),
            Milliseconds(AtRoof(work)),
            string.Create(Culture, $"{100 * AtRoof(work) / seconds:F1} %"));
    }

    private string TotalTable()
    {
        var table = new MarkdownTable("whole", "measured");
        table.Add("first token", Milliseconds(_firstToken) + " ms");
        table.Add("total", Milliseconds(_total) + " ms");
        table.Add("total at the roofs", Milliseconds(TotalAtRoofs) + " ms");
        table.Add("share of the roofs", string.Create(Culture, $"{100 * TotalAtRoofs / _total:F1} %"));
        table.Add("real-time factor", (_total / result.AudioSeconds).ToString("F4", Culture));
        table.Add("load", Milliseconds(result.LoadSeconds) + " ms");
        table.Add("load to first token, first pass of the process", Milliseconds(LoadToFirstToken) + " ms");
        table.Add("weight files", Gigabytes(result.FileBytes));
        table.Add("peak memory", result.PeakMemoryBytes is { } peak ? Gigabytes(peak) : "unknown on this system");
        return table.ToString();
    }

    private string RoofTable()
    {
        var table = new MarkdownTable("roof", "unit", "before, best", "median", "after, best", "median");
        foreach ((Roof before, Roof after) in result.RoofsBefore.Zip(result.RoofsAfter))
            table.Add(RoofReport.NameOf(before.Kind, before.Name), RoofReport.UnitOf(before.Kind), Giga(before.Best), Giga(before.Median), Giga(after.Best), Giga(after.Median));
        return table.ToString();

        static string Giga(double value) => (value / 1e9).ToString("F1", Culture);
    }

    private void WriteStage(Utf8JsonWriter json, string name, double seconds, StageWork work)
    {
        json.WriteStartObject(name);
        json.WriteNumber("s", seconds);
        json.WriteNumber("flop", work.Flops);
        json.WriteNumber("weight_bytes", work.Bytes);
        json.WriteString("limit", work.IsLimitedByMemory(result.PeakOf(work), result.ReadRoof) ? "memory" : "compute");
        json.WriteNumber("s_at_roof", AtRoof(work));
        json.WriteNumber("share", AtRoof(work) / seconds);
        json.WriteEndObject();
    }
}
