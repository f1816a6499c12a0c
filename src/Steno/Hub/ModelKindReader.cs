using System.Text.Json;

namespace Steno.Hub;

/// <summary>Tells what a model does by its name or its config.json.</summary>
internal static class ModelKindReader
{
    private const int MaxConfigBytes = 1024 * 1024;

    public static ModelKind Read(ModelName name, string directory)
    {
        if (name.Kind is { } known) return known;
        if (name.Repository.EndsWith("/silero-vad", StringComparison.OrdinalIgnoreCase)) return ModelKind.VoiceActivity;
        try
        {
            var config = new FileInfo(Path.Combine(directory, "config.json"));
            if (!config.Exists || config.Length > MaxConfigBytes) return ModelKind.Other;
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(config.FullName));
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return ModelKind.Other;
            JsonElement thinker = root.TryGetProperty("thinker_config", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object ? inner : root;
            if (IsAligner(root) || IsAligner(thinker) || thinker.TryGetProperty("classify_num", out _)) return ModelKind.ForcedAligner;
            return ModelType(root) == "qwen3_asr" ? ModelKind.SpeechToText : ModelKind.Other;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return ModelKind.Other;
        }
    }

    private static bool IsAligner(JsonElement config) => ModelType(config)?.Contains("aligner", StringComparison.OrdinalIgnoreCase) == true;

    private static string? ModelType(JsonElement config) =>
        config.TryGetProperty("model_type", out JsonElement type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
