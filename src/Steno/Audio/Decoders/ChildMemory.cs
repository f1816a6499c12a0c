using System.Runtime.InteropServices;

namespace Steno.Audio.Decoders;

/// <summary>Limits the memory of a child process, on Linux.</summary>
internal static unsafe partial class ChildMemory
{
    /// <summary>Most private memory that a decoder may hold; it needs some 50 MB.</summary>
    public const long LimitBytes = 1L << 30;

    private const int DataResource = 2;

    /// <summary>Sets the limit; where the system has none, or refuses, nothing happens.</summary>
    public static void Limit(int processId)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return;
        var limit = new ResourceLimit { Soft = LimitBytes, Hard = LimitBytes };
        try
        {
            _ = SetLimit(processId, DataResource, &limit, null);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // A C library without prlimit: the limit of one block, which ffmpeg itself keeps, remains.
        }
    }

    [LibraryImport("libc", EntryPoint = "prlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int processId, int resource, ResourceLimit* limit, ResourceLimit* old);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public long Soft;
        public long Hard;
    }
}
