using System.Text.Json;
using Steno.Checkpoints;
using Steno.Formats;
using Steno.Formats.Gguf;

namespace Steno.Dialects;

/// <summary>Describes GGUF files.</summary>
internal static class GgufSummary
{
    private static readonly string[] OriginKeys = ["general.name", "general.repo_url", "general.source.url", "general.base_model.0.repo_url", "general.license"];

    /// <summary>Describes a file, or a pair of them.</summary>
    /// <param name="path">A file that holds a model, or either file of a pair.</param>
    /// <param name="companionPath">The other file of a pair; null to look for it beside the first.</param>
    /// <exception cref="ModelFormatException">A file is missing, broken, or contradicts itself or the other.</exception>
    /// <exception cref="UnsupportedModelException">The files hold another model than those of Qwen3-ASR.</exception>
    public static CheckpointSummary Read(string path, string? companionPath)
    {
        using GgufFile file = GgufFile.Open(path);
        if (GgufFileKinds.Of(file) == GgufFileKind.AudioCpp)
            return Summary("audio.cpp GGUF", KindOf(file), file);
        using GgufWeights weights = GgufCheckpoint.OpenFiles(file, companionPath);
        ModelKind kind = GgufConfigReader.IsAligner(weights) ? ModelKind.ForcedAligner : ModelKind.SpeechToText;
        return weights.Text == weights.Audio
            ? Summary($"{weights.Dialect.Program} GGUF", kind, file)
            : Summary($"{weights.Dialect.Program} pair of GGUF files", kind, weights.Text, weights.Audio);
    }

    private static CheckpointSummary Summary(string family, ModelKind kind, params GgufFile[] files) => new(
        family,
        kind,
        OriginOf(files[0].Metadata),
        StoredType.Sum(files.SelectMany(file => file.Tensors.Values).Select(tensor => (tensor.Type.Name, tensor.Shape, tensor.ByteCount))),
        [.. files.Select(file => Path.GetFullPath(file.Location))]);

    private static ModelKind KindOf(GgufFile file)
    {
        string? family = file.Metadata.Text(AudioCppKeys.Family);
        if (family is not null) return family == AudioCppKeys.ForcedAligner ? ModelKind.ForcedAligner : family == AudioCppKeys.SpeechToText ? ModelKind.SpeechToText : ModelKind.Other;
        CheckpointFiles files = AudioCppFiles.Read(file);
        using JsonDocument? config = files.FindJson(ModelConfigReader.FileName, ModelConfigReader.MaxBytes);
        if (config is null) return ModelKind.Other;
        ConfigObject root = ConfigObject.Root(config, files.PathOf(ModelConfigReader.FileName));
        return ModelSupport.IsAligner(root, root.OptionalObject("thinker_config") ?? root) ? ModelKind.ForcedAligner : ModelKind.SpeechToText;
    }

    private static string? OriginOf(GgufMetadata metadata)
    {
        var parts = new List<string>();
        foreach (string key in OriginKeys)
        {
            if (metadata.Text(key) is { Length: > 0 } text) parts.Add(MessageText.Excerpt(text));
        }

        return parts.Count == 0 ? null : string.Join(", ", parts);
    }
}
