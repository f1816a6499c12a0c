using System.Runtime.InteropServices;

namespace Steno.Files;

/// <summary>Says whether anybody but this user could write into a file.</summary>
internal static partial class FileTrust
{
    /// <summary>True where a file belongs to this user or to root, and neither its group nor others may write it; false where the system does not say.</summary>
    /// <param name="stream">The open file.</param>
    /// <remarks>On Windows nobody can shorten or write a file that is open and shared for reading alone.</remarks>
    public static bool IsOwn(FileStream stream)
    {
        if (OperatingSystem.IsWindows()) return true;
        try
        {
            UnixFileMode mode = File.GetUnixFileMode(stream.SafeFileHandle);
            if ((mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None) return false;
            return FileStatus.Of(stream.SafeFileHandle) is { Kind: FileKind.Regular, UserId: { } owner } && (owner == 0 || owner == UserId());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint UserId();
}
