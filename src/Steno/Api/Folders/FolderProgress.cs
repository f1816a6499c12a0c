namespace Steno;

/// <summary>How far a folder run is.</summary>
/// <param name="Phase">What it did last.</param>
/// <param name="Item">With which recording.</param>
/// <param name="Index">Place of the recording in <see cref="FolderRun.Pending"/>.</param>
internal sealed record FolderProgress(FolderPhase Phase, FolderItem Item, int Index)
{
    /// <summary>The piece of text, when one was decoded; else empty.</summary>
    public string Piece { get; init; } = string.Empty;

    /// <summary>The transcript, when the recording is done; else null.</summary>
    public Transcript? Transcript { get; init; }

    /// <summary>What went wrong, when the recording failed; else null.</summary>
    public SourceFailure? Failure { get; init; }
}
