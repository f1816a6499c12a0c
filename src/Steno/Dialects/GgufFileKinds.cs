using Steno.Checkpoints;
using Steno.Formats;
using Steno.Formats.Gguf;

namespace Steno.Dialects;

/// <summary>Tells what a GGUF file holds.</summary>
internal static class GgufFileKinds
{
    /// <summary>Key of the architecture.</summary>
    public const string ArchitectureKey = "general.architecture";

    /// <summary>Architecture of the audio tower in a llama.cpp pair.</summary>
    public const string TowerArchitecture = "clip";

    private const string AudioCppArchitecture = "audiocpp";

    /// <summary>Tells what a file holds.</summary>
    /// <exception cref="ModelFormatException">The file does not say.</exception>
    /// <exception cref="UnsupportedModelException">The file holds another model.</exception>
    public static GgufFileKind Of(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        string? architecture = metadata.Text(ArchitectureKey);
        if (GgufDialect.OfWholeModel(architecture) is not null) return GgufFileKind.WholeModel;
        return architecture switch
        {
            AudioCppArchitecture => GgufFileKind.AudioCpp,
            "qwen3vl" or "qwen3" => GgufFileKind.LlamaCppText,
            TowerArchitecture => RequireAudioTower(metadata),
            null => throw metadata.Fault(ArchitectureKey, "is missing", "the architecture of a Qwen3-ASR model", "nothing"),
            _ => throw Unsupported(file, $"architecture '{MessageText.Excerpt(architecture)}'"),
        };
    }

    /// <summary>Tells what a file holds; null for one that is broken, or of another model.</summary>
    public static GgufFileKind? TryOf(string path)
    {
        try
        {
            using GgufFile file = GgufFile.Open(path);
            return Of(file);
        }
        catch (Exception fault) when (fault is StenoException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static GgufFileKind RequireAudioTower(GgufMetadata metadata)
    {
        const string EarlyKey = "clip.projector_type";
        const string AudioKey = "clip.audio.projector_type";
        string? projector = metadata.Text(AudioKey) ?? metadata.Text(EarlyKey);
        if (projector is "qwen3asr" or "qwen3a") return GgufFileKind.LlamaCppAudio;
        string found = projector is null ? "no projector type" : $"projector type '{MessageText.Excerpt(projector)}'";
        throw new UnsupportedModelException(
            $"{metadata.File}: this is a tower of another model: found {found}, supported are 'qwen3a' and 'qwen3asr'. {OriginalModels.Advice}");
    }

    private static UnsupportedModelException Unsupported(GgufFile file, string found)
    {
        string supported = string.Join(", ", GgufDialect.WholeModels.Select(dialect => dialect.Architecture).Append(AudioCppArchitecture));
        return new UnsupportedModelException(
            $"{file.Location}: this GGUF file holds another model: found {found}, supported are {supported}, and the pair of qwen3vl or qwen3 with {TowerArchitecture}. {OriginalModels.Advice}");
    }
}
