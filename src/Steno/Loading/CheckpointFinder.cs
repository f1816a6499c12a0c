using Steno.Checkpoints;
using Steno.Checkpoints.Adapters;
using Steno.Dialects;
using Steno.Files;

namespace Steno.Loading;

/// <summary>Tells by its content which kind of checkpoint lies at a path.</summary>
internal static class CheckpointFinder
{
    private const int MaxFileCount = 1000;
    private const int ShownFileCount = 8;
    private const int ShownByteCount = 8;

    /// <summary>Opens a checkpoint, of which the weights are not read yet.</summary>
    /// <param name="path">A directory in the layout of a HuggingFace repository, a GGUF file or one of chatllm.cpp, or a directory with one such file.</param>
    /// <param name="companionPath">The second file, where a model has two; null to look for it beside the first.</param>
    /// <param name="adapters">Directories of adapters to apply, in order.</param>
    /// <exception cref="ModelFormatException">A file is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is none that Steno runs.</exception>
    public static Checkpoint Find(string path, string? companionPath, IReadOnlyList<string> adapters)
    {
        Checkpoint checkpoint = Find(path, companionPath);
        return adapters.Count == 0 ? checkpoint : new AdaptedCheckpoint(checkpoint, adapters);
    }

    /// <inheritdoc cref="Find(string, string?, IReadOnlyList{string})"/>
    public static Checkpoint Find(string path, string? companionPath = null)
    {
        (ModelFileKind kind, string found) = Locate(path, companionPath);
        return kind switch
        {
            ModelFileKind.Gguf => OpenGguf(found, () => GgufCheckpoint.Open(found, companionPath)),
            ModelFileKind.ChatLlm => ChatLlmCheckpoint.Open(found),
            _ => CheckpointDirectory.Open(found),
        };
    }

    /// <summary>Describes what lies at a path, without opening it as a model that could be run.</summary>
    /// <inheritdoc cref="Find(string, string?, IReadOnlyList{string})"/>
    public static CheckpointSummary Describe(string path, string? companionPath = null)
    {
        (ModelFileKind kind, string found) = Locate(path, companionPath);
        return kind switch
        {
            ModelFileKind.Gguf => OpenGguf(found, () => GgufSummary.Read(found, companionPath)),
            ModelFileKind.ChatLlm => ChatLlmSummary.Read(found),
            _ => DirectorySummary.Read(found),
        };
    }

    private static (ModelFileKind Kind, string Path) Locate(string path, string? companionPath)
    {
        if (path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && !Path.Exists(path))
            throw new ModelFormatException("there is no such file", path, expected: "a GGUF file", found: "nothing");
        RequireFile(path);
        if (companionPath is not null) RequireFile(companionPath);
        (ModelFileKind Kind, string Path) found = File.Exists(path) ? OfFile(path) : Directory.Exists(path) ? OfDirectory(path) : (ModelFileKind.Directory, path);
        if (companionPath is null) return found;
        if (found.Kind != ModelFileKind.Gguf)
            throw new ModelFormatException("a second file was named, but this is not the first of a pair", path, expected: "a GGUF file", found: companionPath);
        return File.Exists(companionPath)
            ? found
            : throw new ModelFormatException(FileFault.Missing, companionPath, expected: "the other file of a pair", found: "nothing");
    }

    // A model is read here and there; a pipe would be waited for without end.
    private static void RequireFile(string path)
    {
        if (path.Length == 0) return;
        FileStatus? status = FileStatus.Of(path);
        if (status is null && new FileInfo(path).LinkTarget is { } target)
            throw new ModelFormatException(FileFault.Missing, path, expected: "a model", found: "a link to " + target);
        if (status is { Kind: not FileKind.Regular and not FileKind.Directory })
            throw new ModelFormatException("this is no file that a model could be read from", path, expected: "a file on a disk, or a directory", found: status.KindText);
    }

    private static (ModelFileKind Kind, string Path) OfFile(string path)
    {
        FileHead head = FileHead.Read(path);
        if (KindOf(head) is { } kind) return (kind, path);
        if (ForeignFiles.Recognize(head) is { } foreign) throw foreign.Refusal(path);
        if (head.Bytes.IsEmpty || path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) return (ModelFileKind.Gguf, path);
        throw new ModelFormatException(
            "the file is of no format that Steno knows",
            path,
            expected: "a GGUF file, a file of chatllm.cpp, or a checkpoint directory",
            found: "a file that begins with the bytes " + Convert.ToHexString(head.Bytes[..Math.Min(head.Bytes.Length, ShownByteCount)]));
    }

    private static (ModelFileKind Kind, string Path) OfDirectory(string path)
    {
        bool isCheckpoint = File.Exists(Path.Combine(path, ModelConfigReader.FileName)) && Directory.EnumerateFiles(path, "*.safetensors").Any();
        if (isCheckpoint) return (ModelFileKind.Directory, path);
        (FileHead Head, string Path)[] files = HeadsIn(path);
        (ModelFileKind Kind, string Path)[] models = [.. files.Where(file => KindOf(file.Head) is not null).Select(file => (KindOf(file.Head)!.Value, file.Path))];
        if (models.Length > 0) return Only(path, models);
        ForeignFormat? foreign = ForeignDirectories.Recognize(path, [.. files.Select(file => file.Head)]);
        return foreign is null ? (ModelFileKind.Directory, path) : throw foreign.Refusal(path);
    }

    private static (FileHead Head, string Path)[] HeadsIn(string directory) =>
        [.. Directory.EnumerateFiles(directory).Take(MaxFileCount).Order(StringComparer.Ordinal).Select(file => (FileHead.Read(file), file))];

    // Of a pair of files the language model stands for both.
    private static (ModelFileKind Kind, string Path) Only(string path, (ModelFileKind Kind, string Path)[] models)
    {
        (ModelFileKind Kind, string Path)[] whole = models.Length == 1 ? models : [.. models.Where(model => !IsTower(model))];
        if (whole.Length == 1) return whole[0];
        string[] names = [.. (whole.Length == 0 ? models : whole).Select(model => Path.GetFileName(model.Path))];
        string found = string.Join(", ", names.Take(ShownFileCount)) + (names.Length > ShownFileCount ? $" and {names.Length - ShownFileCount} more" : string.Empty);
        throw new ModelFormatException("the directory holds several models; name one of the files", path, expected: "one", found: found);
    }

    private static bool IsTower((ModelFileKind Kind, string Path) model) => model.Kind == ModelFileKind.Gguf && GgufFileKinds.TryOf(model.Path) == GgufFileKind.LlamaCppAudio;

    // A language model that lacks its tower, beside ONNX graphs.
    private static bool IsHybrid(string path) =>
        GgufFileKinds.TryOf(path) == GgufFileKind.LlamaCppText
        && HeadsIn(Path.GetDirectoryName(Path.GetFullPath(path))!).Any(file => ForeignFiles.Recognize(file.Head) == ForeignFiles.Onnx);

    private static T OpenGguf<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (ModelFormatException) when (IsHybrid(path))
        {
            throw ForeignDirectories.Hybrid.Refusal(path);
        }
    }

    private static ModelFileKind? KindOf(FileHead head) =>
        head.StartsWith("GGUF"u8) ? ModelFileKind.Gguf
        : head.StartsWith("ggmm"u8) ? ModelFileKind.ChatLlm
        : null;
}
