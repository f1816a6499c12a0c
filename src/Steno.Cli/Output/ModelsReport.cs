using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Steno.Cli.Output;

/// <summary>What <c>steno models</c> says, as text and as JSON.</summary>
internal static class ModelsReport
{
    public static byte[] Text(ModelStore store)
    {
        IReadOnlyList<InstalledModel> models = store.List();
        var text = new StringBuilder();
        if (models.Count == 0)
        {
            text.Append("No models are installed in ").Append(OneLine.Of(store.Directory)).Append(" (see steno pull)\n");
            return Encoding.UTF8.GetBytes(text.ToString());
        }

        string? defaultName = store.FindDefault()?.Name;
        int width = models.Max(model => model.Name.Length);
        foreach (InstalledModel model in models)
        {
            text.Append(model.Name.PadRight(width)).Append("  ")
                .Append(KindText(model.Kind).PadRight(14)).Append("  ")
                .Append(Sizes.Text(model.SizeBytes).PadLeft(9)).Append("  ")
                .Append(model.IsWhole ? "whole    " : "not whole").Append("  ")
                .Append(OneLine.Of(model.Directory));
            if (model.Name == defaultName) text.Append("  (default)");
            if (model.Problem is { } problem) text.Append("  (").Append(OneLine.Of(problem)).Append("; go on with: steno pull ").Append(model.Name).Append(')');
            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] Json(ModelStore store)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, TranscriptJsonWriter.Options))
        {
            string? defaultName = store.FindDefault()?.Name;
            json.WriteStartObject();
            json.WriteString("directory", store.Directory);
            json.WriteString("default", defaultName);
            json.WriteStartArray("models");
            foreach (InstalledModel model in store.List())
                Write(json, model);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, InstalledModel model)
    {
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("repository", model.Repository);
        json.WriteString("revision", model.Revision);
        json.WriteString("commit", model.Commit);
        json.WriteString("kind", KindText(model.Kind));
        json.WriteString("directory", model.Directory);
        json.WriteNumber("files", model.FileCount);
        json.WriteNumber("size_bytes", model.SizeBytes);
        json.WriteBoolean("is_whole", model.IsWhole);
        json.WriteString("problem", model.Problem);
        json.WriteString("pulled_at", model.PulledAt?.ToString("O", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    internal static string KindText(ModelKind kind) => kind switch
    {
        ModelKind.SpeechToText => "speech-to-text",
        ModelKind.ForcedAligner => "aligner",
        ModelKind.VoiceActivity => "voice-activity",
        _ => "other",
    };
}
