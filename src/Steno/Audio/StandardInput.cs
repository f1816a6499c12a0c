using System.Runtime.InteropServices;

namespace Steno.Audio;

/// <summary>The standard input of this process.</summary>
internal static partial class StandardInput
{
    private const int GetFlags = 1; // F_GETFD, the same number on Linux and macOS
    private const int CloseOnExec = 1; // FD_CLOEXEC
    private const int Number = 0;

    /// <summary>Whether the process was started without one.</summary>
    /// <remarks>
    /// The runtime's own files take the numbers that are free, so number 0 may be a pipe of its own, from which nothing ever comes. Its files
    /// close themselves in a program that is started; what a program was started with cannot have done so.
    /// </remarks>
    public static bool IsClosed
    {
        get
        {
            if (OperatingSystem.IsWindows()) return false;
            try
            {
                return Control(Number, GetFlags) is < 0 or CloseOnExec;
            }
            catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
            {
                return false;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int number, int command);
}
