using System.Text.Json;
using Steno.Formats;
using Steno.Formats.Safetensors;

namespace Steno.Checkpoints;

/// <summary>Describes checkpoint directories.</summary>
internal static class DirectorySummary
{
    /// <summary>Describes a directory with config.json and safetensors files.</summary>
    /// <exception cref="ModelFormatException">A file is missing or broken.</exception>
    public static CheckpointSummary Read(string directory)
    {
        CheckpointDirectory.RequireConfig(directory);
        string path = Path.Combine(directory, ModelConfigReader.FileName);
        using JsonDocument document = JsonFile.ReadObject(path, ModelConfigReader.MaxBytes);
        ConfigObject root = ConfigObject.Root(document, path);
        ConfigObject? thinker = root.OptionalObject("thinker_config");
        string[] files = [.. Directory.EnumerateFiles(directory, "*.safetensors").Order(StringComparer.Ordinal).Select(Path.GetFullPath)];
        var tensors = new List<(string Name, long[] Shape, long ByteCount)>();
        foreach (string file in files)
        {
            using SafetensorsFile weights = SafetensorsFile.Open(file);
            tensors.AddRange(weights.Tensors.Values.Select(tensor => (MessageText.Excerpt(tensor.DTypeName), tensor.Shape, tensor.End - tensor.Begin)));
        }

        return new CheckpointSummary(
            thinker is null ? "checkpoint directory of the native Transformers port (-hf)" : "checkpoint directory",
            KindOf(root, thinker ?? root),
            root.OptionalText("_name_or_path") is { Length: > 0 } name ? MessageText.Excerpt(name) : null,
            StoredType.Sum(tensors),
            files);
    }

    private static ModelKind KindOf(ConfigObject root, ConfigObject thinker) =>
        ModelSupport.IsAligner(root, thinker) ? ModelKind.ForcedAligner
        : root.OptionalText("model_type") == "qwen3_asr" ? ModelKind.SpeechToText
        : ModelKind.Other;
}
