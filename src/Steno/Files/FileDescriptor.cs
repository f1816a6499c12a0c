using System.Runtime.InteropServices;

namespace Steno.Files;

/// <summary>What is open in this process by number.</summary>
internal static partial class FileDescriptor
{
    private const int GetFlags = 1; // F_GETFD, the same number on Linux and macOS
    private const int CloseOnExec = 1; // FD_CLOEXEC

    /// <summary>Whether the process was started with this number open; true where the system does not say.</summary>
    /// <remarks>
    /// The runtime's own files take the numbers that are free: one may be a pipe of its own, from which nothing ever comes and into which nothing may
    /// be written. Its files close themselves in a program that is started; what a program was started with cannot have done so.
    /// </remarks>
    public static bool IsHandedIn(int number)
    {
        if (OperatingSystem.IsWindows()) return true;
        try
        {
            return Control(number, GetFlags) is not (< 0 or CloseOnExec);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int number, int command);
}
