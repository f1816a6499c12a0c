using Microsoft.Win32.SafeHandles;

namespace Steno.Files;

/// <summary>Files that are read, so that no output takes the place of one of them, by whatever name.</summary>
internal sealed class FileSet
{
    private readonly Dictionary<FileIdentity, string> _names = [];

    /// <summary>Adds a file, or all files that lie in a directory; nothing where there is neither.</summary>
    public void Add(string path)
    {
        if (path.Length == 0 || FileStatus.Of(path) is not { } status) return;
        Add(status, path);
        if (status.Kind != FileKind.Directory) return;
        try
        {
            foreach (string inner in Directory.EnumerateFiles(path)) Add(FileStatus.Of(inner), inner);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be listed here will not be read either.
        }
    }

    /// <summary>Adds what is open.</summary>
    /// <param name="handle">The open file.</param>
    /// <param name="name">What messages call it.</param>
    public void Add(SafeFileHandle handle, string name) => Add(FileStatus.Of(handle), name);

    /// <summary>The name under which a file was added that a path leads to; null when none was.</summary>
    public string? Find(string path) => path.Length == 0 ? null : Find(FileStatus.Of(path));

    /// <summary>The name under which a file was added that is open; null when none was.</summary>
    public string? Find(SafeFileHandle handle) => Find(FileStatus.Of(handle));

    private string? Find(FileStatus? status) => status is not null && _names.TryGetValue(status.Identity, out string? name) ? name : null;

    // Devices and pipes are read and written by many at once.
    private void Add(FileStatus? status, string name)
    {
        if (status?.Kind == FileKind.Regular) _names.TryAdd(status.Identity, name);
    }
}
