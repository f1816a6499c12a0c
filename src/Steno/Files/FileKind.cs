namespace Steno.Files;

/// <summary>What a name of the file system leads to.</summary>
internal enum FileKind
{
    /// <summary>A file with content of its own, which can be replaced.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A device that takes bytes as they come, such as a terminal or the null device.</summary>
    CharacterDevice,

    /// <summary>A disk.</summary>
    BlockDevice,

    /// <summary>A pipe, with or without a name.</summary>
    Pipe,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>Anything else.</summary>
    Unknown,
}
