using Microsoft.Win32.SafeHandles;

namespace Steno.Files;

/// <summary>What the system says of a file. Links are followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Identity">Which one it is.</param>
/// <param name="UserId">Its owner; null where the system does not say.</param>
/// <param name="GroupId">Its group; null where the system does not say.</param>
internal sealed record FileStatus(FileKind Kind, FileIdentity Identity, uint? UserId = null, uint? GroupId = null)
{
    /// <summary>What a path leads to; null when that is nothing, or nothing that this user may see.</summary>
    /// <exception cref="ArgumentException">The path is empty or cannot be one.</exception>
    public static FileStatus? Of(string path)
    {
        string fullPath = Path.GetFullPath(path);
        return FileStatusCall.TryRead(fullPath, out FileStatus? status) ? status : Guess(fullPath);
    }

    /// <summary>What is open; null where the system does not say.</summary>
    public static FileStatus? Of(SafeFileHandle handle) => FileStatusCall.TryRead(handle, out FileStatus? status) ? status : null;

    /// <summary>The kind in words, with an article.</summary>
    public string KindText => Kind switch
    {
        FileKind.Regular => "a file",
        FileKind.Directory => "a directory",
        FileKind.CharacterDevice or FileKind.BlockDevice => "a device",
        FileKind.Pipe => "a pipe",
        FileKind.Socket => "a socket",
        _ => "no file",
    };

    // For systems that are not asked by number: there a file has no second name but a link, and devices lie in a folder of their own.
    private static FileStatus? Guess(string fullPath)
    {
        string path = FileLinks.Resolve(fullPath);
        var identity = new FileIdentity(0, 0, OperatingSystem.IsWindows() ? path.ToUpperInvariant() : path);
        if (Directory.Exists(path)) return new FileStatus(FileKind.Directory, identity);
        if (!File.Exists(path)) return null;
        bool isDevice = !OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal);
        return new FileStatus(isDevice ? FileKind.CharacterDevice : FileKind.Regular, identity);
    }
}
