namespace Steno;

/// <summary>Why a recording has no transcript, for callers who act on it.</summary>
internal enum SourceFault
{
    /// <summary>The recording cannot be read.</summary>
    Audio,

    /// <summary>Its name is not UTF-8: it can be opened by another name, or read as a stream.</summary>
    LostName,

    /// <summary>A folder has no audio.</summary>
    NoAudio,

    /// <summary>It needs more memory than the caches may have.</summary>
    CacheMemory,

    /// <summary>The process has not enough memory for it.</summary>
    Memory,

    /// <summary>The model is at fault, and would be with every recording.</summary>
    Model,

    /// <summary>The transcript cannot be written.</summary>
    Output,

    /// <summary>Another recording has a transcript of the same name.</summary>
    NameTaken,

    /// <summary>The transcript would take the place of a file that is read.</summary>
    ReadFile,
}
