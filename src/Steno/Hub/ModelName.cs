using System.Diagnostics.CodeAnalysis;

namespace Steno.Hub;

/// <summary>A repository of the hub at a revision, by its short name or in full.</summary>
internal sealed class ModelName
{
    public const string DefaultRevision = "main";

    private const int MaxRepositoryLength = 96;
    private const int MaxRevisionLength = 80;

    private static readonly ShortName[] ShortNames =
    [
        new("0.6b", "Qwen/Qwen3-ASR-0.6B"),
        new("1.7b", "Qwen/Qwen3-ASR-1.7B"),
        new("aligner", "Qwen/Qwen3-ForcedAligner-0.6B"),
        new("silero-vad", "onnx-community/silero-vad") { Files = ["onnx/model.onnx"], Kind = ModelKind.VoiceActivity },
        new("transcribe.cpp-0.6b", "handy-computer/Qwen3-ASR-0.6B-gguf") { Files = ["Qwen3-ASR-0.6B-Q8_0.gguf"], Kind = ModelKind.SpeechToText },
        new("transcribe.cpp-1.7b", "handy-computer/Qwen3-ASR-1.7B-gguf") { Files = ["Qwen3-ASR-1.7B-Q8_0.gguf"], Kind = ModelKind.SpeechToText },
        AudioCpp("audio.cpp-0.6b", "Qwen3-ASR-0.6B-GGUF", "qwen3-asr-0.6b-q8_0.gguf", ModelKind.SpeechToText),
        AudioCpp("audio.cpp-1.7b", "Qwen3-ASR-1.7B-GGUF", "qwen3-asr-1.7b-q8_0.gguf", ModelKind.SpeechToText),
        AudioCpp("audio.cpp-aligner", "Qwen3-ForcedAligner-0.6B-GGUF", "qwen3-forced-aligner-0.6b-q8_0.gguf", ModelKind.ForcedAligner),
        Mlx("mlx-0.6b-4bit", "Qwen3-ASR-0.6B-4bit"),
        Mlx("mlx-0.6b-5bit", "Qwen3-ASR-0.6B-5bit"),
        Mlx("mlx-0.6b-6bit", "Qwen3-ASR-0.6B-6bit"),
        Mlx("mlx-0.6b-8bit", "Qwen3-ASR-0.6B-8bit"),
        Mlx("mlx-0.6b-bf16", "Qwen3-ASR-0.6B-bf16"),
        Mlx("mlx-1.7b-4bit", "Qwen3-ASR-1.7B-4bit"),
        Mlx("mlx-1.7b-5bit", "Qwen3-ASR-1.7B-5bit"),
        Mlx("mlx-1.7b-6bit", "Qwen3-ASR-1.7B-6bit"),
        Mlx("mlx-1.7b-8bit", "Qwen3-ASR-1.7B-8bit"),
        Mlx("mlx-1.7b-bf16", "Qwen3-ASR-1.7B-bf16"),
        Mlx("mlx-aligner-4bit", "Qwen3-ForcedAligner-0.6B-4bit"),
        Mlx("mlx-aligner-8bit", "Qwen3-ForcedAligner-0.6B-8bit"),
    ];

    private ModelName(ShortName? known, string repository, string revision)
    {
        Repository = known?.Repository ?? repository;
        Folder = known?.Folder;
        Revision = revision;
        Files = known?.Files;
        Kind = known?.Kind;
        string suffix = revision == DefaultRevision ? "" : "@" + revision;
        Text = (known?.Name ?? Repository) + suffix;
        DirectoryName = (known?.Place ?? Repository).Replace("/", "--", StringComparison.Ordinal) + suffix.Replace("/", "%2F", StringComparison.Ordinal);
    }

    /// <summary>Every name that can be given, for messages.</summary>
    public static string Expected { get; } = string.Join(", ", ShortNames.Select(name => name.Name)) + ", or OWNER/REPOSITORY[@REVISION]";

    /// <summary>Such as <c>Qwen/Qwen3-ASR-0.6B</c>.</summary>
    public string Repository { get; }

    /// <summary>Branch, tag or commit.</summary>
    public string Revision { get; }

    /// <summary>The folder of the repository that holds the model, where it holds several; else null.</summary>
    public string? Folder { get; }

    /// <summary>The files that make this model; null for those of a checkpoint.</summary>
    public IReadOnlyList<string>? Files { get; }

    /// <summary>What the model does, where its name alone tells; else null.</summary>
    public ModelKind? Kind { get; }

    /// <summary>The shortest name of it.</summary>
    public string Text { get; }

    /// <summary>Name of its directory in the store.</summary>
    public string DirectoryName { get; }

    /// <summary>True for a name out of the list of short ones, with or without a revision.</summary>
    public static bool IsShort(string text)
    {
        string name = text.Split('@')[0];
        return Array.Exists(ShortNames, known => Equals(known.Name, name));
    }

    public static ModelName Parse(string text) =>
        TryParse(text, out ModelName? name)
            ? name
            : throw new ArgumentException($"'{text}' is not the name of a model: expected {Expected}", nameof(text));

    public static bool TryParse(string text, [NotNullWhen(true)] out ModelName? name)
    {
        name = null;
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string repository = at < 0 ? text : text[..at];
        string revision = at < 0 ? DefaultRevision : text[(at + 1)..];
        ShortName? known = Array.Find(ShortNames, entry => Equals(entry.Name, repository) || Equals(entry.Place, repository));
        if ((known is null && !IsRepository(repository)) || !IsRevision(revision)) return false;
        var parsed = new ModelName(known, repository, revision);
        if (!HubPath.IsSafeSegment(parsed.DirectoryName)) return false;
        name = parsed;
        return true;
    }

    /// <summary>The name that a directory of the store stands for.</summary>
    public static bool TryParseDirectory(string directoryName, [NotNullWhen(true)] out ModelName? name)
    {
        name = null;
        int at = directoryName.IndexOf('@', StringComparison.Ordinal);
        string place = at < 0 ? directoryName : directoryName[..at];
        string text = place.Replace("--", "/", StringComparison.Ordinal) + directoryName[place.Length..].Replace("%2F", "/", StringComparison.Ordinal);
        return TryParse(text, out name) && name.DirectoryName == directoryName;
    }

    private static bool IsRepository(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2 && text.Length <= MaxRepositoryLength && parts.All(IsRepositoryPart);
    }

    private static bool IsRepositoryPart(string part) =>
        part.Length > 0
        && part.All(IsNameCharacter)
        && part[0] is not ('-' or '.')
        && part[^1] is not ('-' or '.')
        && !part.Contains("--", StringComparison.Ordinal)
        && !part.Contains("..", StringComparison.Ordinal);

    private static bool IsRevision(string text) =>
        text.Length is > 0 and <= MaxRevisionLength
        && text[0] != '-'
        && text.All(character => character == '/' || IsNameCharacter(character))
        && HubPath.IsSafe(text)
        && !text.Contains("..", StringComparison.Ordinal);

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.';

    private static bool Equals(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static ShortName AudioCpp(string name, string folder, string file, ModelKind kind) =>
        new(name, "audio-cpp/audio.cpp-gguf") { Folder = folder, Files = [$"{folder}/{file}"], Kind = kind };

    private static ShortName Mlx(string name, string repository) => new(name, "mlx-community/" + repository);

    private sealed record ShortName(string Name, string Repository)
    {
        public string? Folder { get; init; }

        public string[]? Files { get; init; }

        public ModelKind? Kind { get; init; }

        public string Place => Folder is null ? Repository : $"{Repository}/{Folder}";
    }
}
