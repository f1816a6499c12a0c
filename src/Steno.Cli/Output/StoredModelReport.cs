using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Steno.Cli.Output;

/// <summary>What <c>steno info MODEL</c> says, as text and as JSON.</summary>
internal static class StoredModelReport
{
    public static string Text(StoredModel model)
    {
        var text = new StringBuilder();
        Line("Model", OneLine.Of(model.Name));
        Line("Family", model.Family);
        Line("Kind", ModelsReport.KindText(model.Kind) + (model.Kind == ModelKind.SpeechToText ? string.Empty : ", which steno does not transcribe with"));
        Line("Origin", model.Origin is null ? "not stated" : OneLine.Of(model.Origin));
        Line("Weights", Shares(model));
        Line("Size", $"{Sizes.Text(model.Weights.Sum(weights => weights.SizeBytes))}, {(model.Weights.Sum(weights => weights.WeightCount) / 1e6).ToString("F1", CultureInfo.InvariantCulture)} million weights");
        foreach (string file in model.Files) Line("File", OneLine.Of(file));
        return text.ToString();

        void Line(string name, string value) => text.Append((name + ':').PadRight(12)).Append(value).Append('\n');
    }

    public static byte[] Json(StoredModel model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, TranscriptJsonWriter.Options))
        {
            json.WriteStartObject();
            json.WriteString("model", model.Name);
            WriteTo(json, model);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The formats with their shares of the weights.</summary>
    public static string Shares(StoredModel model) =>
        string.Join(", ", model.Weights.Select(weights => string.Create(CultureInfo.InvariantCulture, $"{weights.Type} {Percent(weights, model):F1} %")));

    /// <summary>Writes the members of an object.</summary>
    public static void WriteTo(Utf8JsonWriter json, StoredModel model)
    {
        json.WriteString("family", model.Family);
        json.WriteString("kind", ModelsReport.KindText(model.Kind));
        json.WriteString("origin", model.Origin);
        json.WriteStartArray("weights");
        foreach (StoredWeights weights in model.Weights)
        {
            json.WriteStartObject();
            json.WriteString("type", weights.Type);
            json.WriteNumber("tensors", weights.TensorCount);
            json.WriteNumber("weights", weights.WeightCount);
            json.WriteNumber("size_bytes", weights.SizeBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("files");
        foreach (string file in model.Files) json.WriteStringValue(file);
        json.WriteEndArray();
    }

    private static double Percent(StoredWeights weights, StoredModel model) => 100.0 * weights.WeightCount / model.Weights.Sum(other => other.WeightCount);
}
