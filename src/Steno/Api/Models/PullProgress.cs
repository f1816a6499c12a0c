namespace Steno;

/// <summary>How far a pull is.</summary>
public sealed record PullProgress
{
    /// <summary>What it is doing.</summary>
    public required PullPhase Phase { get; init; }

    /// <summary>File that this is about, or null.</summary>
    public string? File { get; init; }

    /// <summary>What is waited for, or went wrong; or null.</summary>
    public string? Message { get; init; }

    /// <summary>Files that are complete.</summary>
    public int FilesDone { get; init; }

    /// <summary>Files of the model.</summary>
    public int FilesTotal { get; init; }

    /// <summary>Bytes that are here, of all files.</summary>
    public long BytesDone { get; init; }

    /// <summary>Bytes of all files.</summary>
    public long BytesTotal { get; init; }

    /// <summary>Bytes that came over the network in this pull.</summary>
    public long BytesFetched { get; init; }
}
