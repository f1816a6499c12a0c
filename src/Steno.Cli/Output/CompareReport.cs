using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Steno.Comparison;

namespace Steno.Cli.Output;

/// <summary>What <c>steno compare-weights</c> says, as tables and as JSON.</summary>
internal sealed class CompareReport(string nameA, string nameB, ComparisonRequest request, WeightComparison comparison)
{
    /// <summary>Cost, predictions, texts that differ, and activations.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        AppendTable(text, [["", "A", "B", "B / A"], .. CostRows()]);
        text.Append('\n').Append(PredictionText()).Append(TextsText()).Append('\n');
        AppendTable(text, [["activation", "relative error", "cosine", "worst row"], .. comparison.Taps.Select(Row)]);
        return text.ToString();
    }

    public byte[] Json()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, TranscriptJsonWriter.Options))
        {
            json.WriteStartObject();
            WriteModel(json, "a", nameA, request.A, comparison.A);
            WriteModel(json, "b", nameB, request.B, comparison.B);
            json.WriteNumber("audio_seconds", Rounded(comparison.AudioSeconds, 3));
            WriteLogits(json);
            WriteTexts(json);
            WriteTaps(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static double MillisecondsPerStep(ModelCost cost) => cost.StepCount == 0 ? 0 : 1000 * cost.StepSeconds / cost.StepCount;

    private static double Rounded(double value, int digits) => Math.Round(value, digits);

    private static string[] Row(TapDifference tap) =>
        [tap.Name, tap.RelativeError.ToString("0.00E+00", CultureInfo.InvariantCulture), Cosine(tap.Cosine), Cosine(tap.WorstRowCosine)];

    private static string Cosine(double value) => value.ToString("F7", CultureInfo.InvariantCulture);

    private static void AppendTable(StringBuilder text, string[][] rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
            text.Append(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd()).Append('\n');
    }

    private IEnumerable<string[]> CostRows()
    {
        ModelCost a = comparison.A;
        ModelCost b = comparison.B;
        yield return ["model", OneLine.Of(nameA), OneLine.Of(nameB), ""];
        yield return ["weights held as", WeightNames.Of(request.A.Weights), WeightNames.Of(request.B.Weights), ""];
        yield return Pair("weight files", a.FileBytes, b.FileBytes, Sizes.Text);
        yield return Pair("weights in memory", a.MemoryBytes, b.MemoryBytes, Sizes.Text);
        yield return Pair("encoder", a.EncoderSeconds, b.EncoderSeconds, Seconds);
        yield return Pair("prefill", a.PrefillSeconds, b.PrefillSeconds, Seconds);
        yield return Pair("token after the first", MillisecondsPerStep(a), MillisecondsPerStep(b), value => string.Create(CultureInfo.InvariantCulture, $"{value:F2} ms"));

        static string Seconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:F3} s");

        static string[] Pair(string name, double ofA, double ofB, Func<double, string> show) =>
            [name, show(ofA), show(ofB), ofA == 0 ? "" : (ofB / ofA).ToString("F2", CultureInfo.InvariantCulture)];
    }

    private string PredictionText()
    {
        LogitDifference logits = comparison.Logits;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Same choice for {logits.SameChoiceCount} of {logits.RowCount} tokens, each model given A's text so far.\nDivergence of the predictions: mean {logits.MeanDivergence:0.0E+00} nats, largest {logits.MaxDivergence:0.0E+00}.\n");
    }

    private string TextsText()
    {
        var text = new StringBuilder();
        int edits = comparison.Texts.Sum(difference => difference.EditCount);
        int words = comparison.Texts.Sum(difference => difference.WordCount);
        TextDifference[] different = [.. comparison.Texts.Where(difference => difference.A != difference.B)];
        text.Append(CultureInfo.InvariantCulture, $"Texts: {comparison.Texts.Count - different.Length} of {comparison.Texts.Count} identical, {edits} of {words} words differ, {comparison.AudioSeconds:F1} s of audio.\n");
        foreach (TextDifference difference in different)
            text.Append(OneLine.Of(difference.Audio)).Append("\n  A: ").Append(OneLine.Of(difference.A)).Append("\n  B: ").Append(OneLine.Of(difference.B)).Append('\n');
        return text.ToString();
    }

    private static void WriteModel(Utf8JsonWriter json, string key, string name, ComparedModel model, ModelCost cost)
    {
        json.WriteStartObject(key);
        json.WriteString("model", name);
        json.WriteString("path", model.Path);
        json.WriteString("weights", WeightNames.Of(model.Weights));
        json.WriteNumber("file_bytes", cost.FileBytes);
        json.WriteNumber("memory_bytes", cost.MemoryBytes);
        json.WriteNumber("encoder_seconds", Rounded(cost.EncoderSeconds, 6));
        json.WriteNumber("prefill_seconds", Rounded(cost.PrefillSeconds, 6));
        json.WriteNumber("prompt_rows", cost.PromptRows);
        json.WriteNumber("ms_per_token", Rounded(MillisecondsPerStep(cost), 3));
        json.WriteNumber("tokens_after_the_first", cost.StepCount);
        json.WriteEndObject();
    }

    private void WriteLogits(Utf8JsonWriter json)
    {
        LogitDifference logits = comparison.Logits;
        json.WriteStartObject("predictions");
        json.WriteNumber("count", logits.RowCount);
        json.WriteNumber("same_choice", logits.SameChoiceCount);
        json.WriteNumber("mean_divergence", logits.MeanDivergence);
        json.WriteNumber("max_divergence", logits.MaxDivergence);
        json.WriteEndObject();
    }

    private void WriteTexts(Utf8JsonWriter json)
    {
        json.WriteStartArray("texts");
        foreach (TextDifference text in comparison.Texts)
        {
            json.WriteStartObject();
            json.WriteString("file", text.Audio);
            json.WriteString("a", text.A);
            json.WriteString("b", text.B);
            json.WriteNumber("word_edits", text.EditCount);
            json.WriteNumber("words", text.WordCount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteTaps(Utf8JsonWriter json)
    {
        json.WriteStartArray("activations");
        foreach (TapDifference tap in comparison.Taps)
        {
            json.WriteStartObject();
            json.WriteString("name", tap.Name);
            json.WriteNumber("rows", tap.RowCount);
            WriteFinite(json, "relative_error", tap.RelativeError);
            WriteFinite(json, "cosine", tap.Cosine);
            WriteFinite(json, "worst_row_cosine", tap.WorstRowCosine);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // JSON has no numbers for what is not finite: a difference from an activation that is all zeros.
    private static void WriteFinite(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
