using System.Text.Json;
using Steno.Formats;
using Steno.Formats.Safetensors;

namespace Steno.Checkpoints;

/// <summary>Describes checkpoint directories.</summary>
internal static class DirectorySummary
{
    // What packed matrices have beside their codes, and simulated quantisation beside its weights.
    private static readonly string[] PackedSuffixes = [".scales", ".weight_scale", ".weight_scale_inv", "._amax"];

    /// <summary>Describes a directory with config.json and safetensors files.</summary>
    /// <exception cref="ModelFormatException">A file is missing or broken.</exception>
    /// <exception cref="UnsupportedModelException">The weights are quantised in a way that Steno does not read.</exception>
    public static CheckpointSummary Read(string directory)
    {
        CheckpointDirectory.RequireConfig(directory);
        string path = Path.Combine(directory, ModelConfigReader.FileName);
        using JsonDocument document = JsonFile.ReadObject(path, ModelConfigReader.MaxBytes);
        ConfigObject root = ConfigObject.Root(document, path);
        ConfigObject? thinker = root.OptionalObject("thinker_config");
        ModelKind kind = KindOf(root, thinker ?? root);
        string[] files = [.. Directory.EnumerateFiles(directory, "*.safetensors").Order(StringComparer.Ordinal).Select(Path.GetFullPath)];
        (string[] names, List<(string, long[], long)> tensors) = ReadHeaders(files);
        string family = thinker is null ? "checkpoint directory of the native Transformers port (-hf)" : "checkpoint directory";
        if (kind != ModelKind.Other)
        {
            WeightQuantization? quantization = WeightQuantization.Read(root, directory);
            bool isMlx = CheckpointNames.Of(names) == CheckpointNames.Stripped || Array.Exists(names, name => name.EndsWith(".scales", StringComparison.Ordinal));
            if (isMlx) family = "checkpoint directory for MLX";
            else if (quantization is not null) family += $", quantised by {quantization.Name}";
            if (Array.Exists(names, name => PackedSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)))) tensors = ReadPacked(directory, root, thinker ?? root);
        }

        return new CheckpointSummary(
            family,
            kind,
            root.OptionalText("_name_or_path") is { Length: > 0 } name ? MessageText.Excerpt(name) : null,
            StoredType.Sum(tensors),
            files);
    }

    private static (string[] Names, List<(string StoredAs, long[] Shape, long ByteCount)> Tensors) ReadHeaders(string[] files)
    {
        var names = new List<string>();
        var tensors = new List<(string, long[], long)>();
        foreach (string file in files)
        {
            using SafetensorsFile weights = SafetensorsFile.Open(file);
            names.AddRange(weights.Names);
            tensors.AddRange(weights.Tensors.Values.Select(tensor => (MessageText.Excerpt(tensor.DTypeName), tensor.Shape, tensor.End - tensor.Begin)));
        }

        names.Sort(StringComparer.Ordinal);
        return ([.. names], tensors);
    }

    private static List<(string StoredAs, long[] Shape, long ByteCount)> ReadPacked(string directory, ConfigObject root, ConfigObject thinker)
    {
        using ISafetensors files = CheckpointDirectory.OpenFiles(directory);
        (Model.AudioEncoderConfig audio, Model.TextDecoderConfig text) = ModelConfigReader.ReadNetworks(root, thinker);
        using var weights = new CheckpointWeights(files, audio, text);
        return [.. weights.Describe()];
    }

    private static ModelKind KindOf(ConfigObject root, ConfigObject thinker) =>
        ModelSupport.IsAligner(root, thinker) ? ModelKind.ForcedAligner
        : root.OptionalText("model_type") == "qwen3_asr" ? ModelKind.SpeechToText
        : ModelKind.Other;
}
