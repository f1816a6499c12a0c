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
        new("0.6b", "Qwen/Qwen3-ASR-0.6B", null),
        new("1.7b", "Qwen/Qwen3-ASR-1.7B", null),
        new("aligner", "Qwen/Qwen3-ForcedAligner-0.6B", null),
        new("silero-vad", "onnx-community/silero-vad", ["onnx/model.onnx"]),
    ];

    private ModelName(string repository, string revision)
    {
        ShortName? known = Array.Find(ShortNames, name => string.Equals(name.Repository, repository, StringComparison.OrdinalIgnoreCase));
        Repository = known?.Repository ?? repository;
        Revision = revision;
        Files = known?.Files;
        string suffix = revision == DefaultRevision ? "" : "@" + revision;
        Text = (known?.Name ?? Repository) + suffix;
        DirectoryName = Repository.Replace("/", "--", StringComparison.Ordinal) + suffix.Replace("/", "%2F", StringComparison.Ordinal);
    }

    /// <summary>Every name that can be given, for messages.</summary>
    public static string Expected { get; } = string.Join(", ", ShortNames.Select(name => name.Name)) + ", or OWNER/REPOSITORY[@REVISION]";

    /// <summary>Such as <c>Qwen/Qwen3-ASR-0.6B</c>.</summary>
    public string Repository { get; }

    /// <summary>Branch, tag or commit.</summary>
    public string Revision { get; }

    /// <summary>The files that make this model; null for those of a checkpoint.</summary>
    public IReadOnlyList<string>? Files { get; }

    /// <summary>The shortest name of it.</summary>
    public string Text { get; }

    /// <summary>Name of its directory in the store.</summary>
    public string DirectoryName { get; }

    /// <summary>True for a name out of the list of short ones, with or without a revision.</summary>
    public static bool IsShort(string text)
    {
        string name = text.Split('@')[0];
        return Array.Exists(ShortNames, known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase));
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
        if (Array.Find(ShortNames, known => string.Equals(known.Name, repository, StringComparison.OrdinalIgnoreCase)) is { } shortName)
            repository = shortName.Repository;
        if (!IsRepository(repository) || !IsRevision(revision)) return false;
        var parsed = new ModelName(repository, revision);
        if (!HubPath.IsSafeSegment(parsed.DirectoryName)) return false;
        name = parsed;
        return true;
    }

    /// <summary>The name that a directory of the store stands for.</summary>
    public static bool TryParseDirectory(string directoryName, [NotNullWhen(true)] out ModelName? name)
    {
        name = null;
        int separator = directoryName.IndexOf("--", StringComparison.Ordinal);
        if (separator < 0) return false;
        string text = directoryName[..separator] + "/" + directoryName[(separator + 2)..].Replace("%2F", "/", StringComparison.Ordinal);
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

    private sealed record ShortName(string Name, string Repository, string[]? Files);
}
