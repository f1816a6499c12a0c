using Steno.Model;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Checkpoints;

/// <summary>A checkpoint on disk, in whatever layout: what it says of the model, its tokenizer, and the way to its weights.</summary>
internal abstract class Checkpoint
{
    /// <summary>The directory or file, as it was given.</summary>
    public abstract string Location { get; }

    /// <summary>Full paths of the files that hold the weights.</summary>
    public abstract IReadOnlyList<string> Files { get; }

    /// <summary>Directories of the adapters that are applied to the weights, in order.</summary>
    public virtual IReadOnlyList<string> Adapters => [];

    /// <summary>Every dimension of the model.</summary>
    public abstract ModelConfig Config { get; }

    /// <summary>The ids that end a transcript; null where the checkpoint names none.</summary>
    public abstract IReadOnlyList<int>? StopTokenIds { get; }

    /// <summary>Reads the tokenizer.</summary>
    /// <exception cref="ModelFormatException">It is missing or broken.</exception>
    public abstract BpeTokenizer LoadTokenizer();

    /// <summary>Opens the weights, under the original tensor names whatever names the files use. The caller disposes them.</summary>
    /// <exception cref="ModelFormatException">A weight file is missing or broken.</exception>
    public abstract IWeightSource OpenWeights();
}
