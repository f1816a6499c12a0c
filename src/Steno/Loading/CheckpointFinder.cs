using Steno.Checkpoints;
using Steno.Checkpoints.Adapters;
using Steno.Dialects;
using Steno.Files;
using Steno.Formats.Gguf;

namespace Steno.Loading;

/// <summary>Tells by its content which kind of checkpoint lies at a path.</summary>
internal static class CheckpointFinder
{
    /// <summary>Opens a checkpoint, of which the weights are not read yet.</summary>
    /// <param name="path">A directory in the layout of a HuggingFace repository, or a GGUF file.</param>
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
        bool hasExtension = path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
        if (hasExtension && !Path.Exists(path))
            throw new ModelFormatException("there is no such file", path, expected: "a GGUF file", found: "nothing");
        if (File.Exists(path) && (hasExtension || GgufFile.HasMagic(path)))
        {
            return companionPath is null || File.Exists(companionPath)
                ? GgufCheckpoint.Open(path, companionPath)
                : throw new ModelFormatException(FileFault.Missing, companionPath, expected: "the other file of a pair", found: "nothing");
        }

        if (companionPath is null) return CheckpointDirectory.Open(path);
        throw new ModelFormatException("a second file was named, but this is not the first of a pair", path, expected: "a GGUF file", found: companionPath);
    }
}
