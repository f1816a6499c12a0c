using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Steno.Files;

/// <summary>Gives a new file the owner and the permissions of the one whose place it takes.</summary>
internal static partial class FileOwner
{
    /// <summary>Makes a file that was just made belong to whom another belongs, with the same permissions.</summary>
    /// <param name="file">The new file, open.</param>
    /// <param name="path">The file whose place it takes.</param>
    /// <param name="status">What the system says of that one.</param>
    /// <returns>False when this user may not give files away, or not to that group.</returns>
    /// <exception cref="IOException">The permissions cannot be read or set.</exception>
    public static bool TryGive(SafeFileHandle file, string path, FileStatus status)
    {
        if (OperatingSystem.IsWindows()) return true;
        UnixFileMode mode = File.GetUnixFileMode(path);
        bool isGiven = status is not { UserId: { } userId, GroupId: { } groupId }
            || (FileStatus.Of(file) is { } own && own.UserId == userId && own.GroupId == groupId)
            || ChangeOwner(file, userId, groupId) == 0;

        // After the owner, because a change of that takes some of the permissions away.
        if (isGiven) File.SetUnixFileMode(file, mode);
        return isGiven;
    }

    [LibraryImport("libc", EntryPoint = "fchown")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(SafeFileHandle file, uint userId, uint groupId);
}
