namespace Steno;

/// <summary>What a folder run did last.</summary>
internal enum FolderPhase
{
    /// <summary>A recording has its turn: its outputs can be written.</summary>
    Started,

    /// <summary>A piece of its text was decoded.</summary>
    Decoded,

    /// <summary>Its transcript is written.</summary>
    Done,

    /// <summary>It has no transcript; the run goes on.</summary>
    Failed,
}
