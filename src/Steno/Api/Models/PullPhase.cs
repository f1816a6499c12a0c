namespace Steno;

/// <summary>What a pull is doing.</summary>
public enum PullPhase
{
    /// <summary>Waiting for another process that pulls the same model.</summary>
    Waiting,

    /// <summary>Asking the hub for the list of files.</summary>
    Listing,

    /// <summary>Fetching files, or checking those that are there.</summary>
    Fetching,

    /// <summary>A file is complete and checked.</summary>
    FileDone,

    /// <summary>A fault that may pass: the request is made anew.</summary>
    Retrying,

    /// <summary>Everything is there.</summary>
    Done,
}
