using Steno.Checkpoints;

namespace Steno.Loading;

/// <summary>A format that Steno knows but does not read.</summary>
/// <param name="Name">What it is, such as <c>an ONNX graph</c>.</param>
/// <param name="Reason">Why it is not read.</param>
internal sealed record ForeignFormat(string Name, string Reason)
{
    /// <summary>What to do instead, as a sentence.</summary>
    public string Advice { get; init; } = OriginalModels.Advice;

    /// <summary>True for what holds a model, or a part of one: a directory with such a file is of that kind.</summary>
    public bool IsModel { get; init; } = true;

    /// <summary>True where the file is not what it should be, rather than of another kind.</summary>
    public bool IsFault { get; init; }

    /// <summary>The refusal of a file or directory.</summary>
    public StenoException Refusal(string path) => IsFault
        ? new ModelFormatException($"this is {Name}: {Reason}. {Advice.TrimEnd('.')}", path)
        : new UnsupportedModelException($"{path}: this is {Name}: {Reason}. {Advice}");
}
