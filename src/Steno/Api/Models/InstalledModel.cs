namespace Steno;

/// <summary>A model in a <see cref="ModelStore"/>, whole or in part.</summary>
public sealed record InstalledModel
{
    /// <summary>Name to give to <c>steno pull</c> and <see cref="AsrModel.Load"/>: a short name such as <c>0.6b</c>, or the repository, with its revision unless that is main.</summary>
    public required string Name { get; init; }

    /// <summary>Repository, such as <c>Qwen/Qwen3-ASR-0.6B</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>Branch, tag or commit that was asked for.</summary>
    public required string Revision { get; init; }

    /// <summary>Commit that the files are of; null when the model is not whole and none is known.</summary>
    public required string? Commit { get; init; }

    /// <summary>Directory of the files.</summary>
    public required string Directory { get; init; }

    /// <summary>Number of files.</summary>
    public required int FileCount { get; init; }

    /// <summary>Bytes on disk, those of unfinished files included.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>What the model does.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>When the last pull of it ended; null when none did.</summary>
    public required DateTimeOffset? PulledAt { get; init; }

    /// <summary>What is missing or wrong; null when the model is whole.</summary>
    public required string? Problem { get; init; }

    /// <summary>True when every file is there with its full size.</summary>
    public bool IsWhole => Problem is null;
}
