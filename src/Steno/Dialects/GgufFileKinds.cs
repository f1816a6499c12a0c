using Steno.Formats;
using Steno.Formats.Gguf;

namespace Steno.Dialects;

/// <summary>Tells what a GGUF file holds.</summary>
internal static class GgufFileKinds
{
    /// <summary>Key of the architecture.</summary>
    public const string ArchitectureKey = "general.architecture";

    /// <summary>Tells what a file holds.</summary>
    /// <exception cref="ModelFormatException">The file does not say.</exception>
    /// <exception cref="UnsupportedModelException">The file holds another model.</exception>
    public static GgufFileKind Of(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        string? architecture = metadata.Text(ArchitectureKey);
        return architecture switch
        {
            "qwen3asr" => GgufFileKind.CrispAsr,
            "qwen3-asr" => GgufFileKind.PredictWoo,
            "qwenasr" => GgufFileKind.QwenAsrCpp,
            "qwen3vl" or "qwen3" => GgufFileKind.LlamaCppText,
            "clip" => RequireAudioTower(metadata),
            null => throw metadata.Fault(ArchitectureKey, "is missing", "the architecture of a Qwen3-ASR model", "nothing"),
            _ => throw Unsupported(file, $"architecture '{MessageText.Excerpt(architecture)}'"),
        };
    }

    private static GgufFileKind RequireAudioTower(GgufMetadata metadata)
    {
        const string EarlyKey = "clip.projector_type";
        const string AudioKey = "clip.audio.projector_type";
        string? projector = metadata.Text(AudioKey) ?? metadata.Text(EarlyKey);
        if (projector is "qwen3asr" or "qwen3a") return GgufFileKind.LlamaCppAudio;
        string found = projector is null ? "no projector type" : $"projector type '{MessageText.Excerpt(projector)}'";
        throw new UnsupportedModelException(
            $"{metadata.File}: this is a tower of another model: found {found}, supported are 'qwen3a' and 'qwen3asr'.");
    }

    private static UnsupportedModelException Unsupported(GgufFile file, string found) =>
        new($"{file.Location}: this GGUF file holds another model: found {found}, supported are qwen3asr, qwen3-asr, qwenasr, and the pair of qwen3vl or qwen3 with clip.");
}
