using Steno.Files;
using Steno.Formats.Gguf;
using Steno.Model;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Loading;

/// <summary>A checkpoint on disk, in whatever layout: what it says of the model, its tokenizer, and the way to its weights.</summary>
internal abstract class Checkpoint
{
    /// <summary>The directory or file, as it was given.</summary>
    public abstract string Location { get; }

    /// <summary>Full paths of the files that hold the weights.</summary>
    public abstract IReadOnlyList<string> Files { get; }

    /// <summary>Every dimension of the model.</summary>
    public abstract ModelConfig Config { get; }

    /// <summary>The ids that end a transcript; null where the checkpoint names none.</summary>
    public abstract IReadOnlyList<int>? StopTokenIds { get; }

    /// <summary>Opens a checkpoint, of which the weights are not read yet.</summary>
    /// <param name="path">A directory in the layout of a HuggingFace repository, or a GGUF file.</param>
    /// <param name="companionPath">The second file, where a model has two; null to look for it beside the first.</param>
    /// <exception cref="ModelFormatException">A file is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is none that Steno runs.</exception>
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

    /// <summary>Reads the tokenizer.</summary>
    /// <exception cref="ModelFormatException">It is missing or broken.</exception>
    public abstract BpeTokenizer LoadTokenizer();

    /// <summary>Maps the weights, under the original tensor names whatever names the files use. The caller disposes them.</summary>
    /// <exception cref="ModelFormatException">A weight file is missing or broken.</exception>
    public abstract IWeightSource OpenWeights();
}
