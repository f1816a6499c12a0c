using System.Diagnostics;

namespace Steno.Benchmarks.Stages;

/// <summary>The most memory that this process had resident at once.</summary>
internal static class PeakMemory
{
    private const string ResetFile = "/proc/self/clear_refs";

    /// <summary>Starts afresh from what is resident now.</summary>
    /// <returns>False where the system has no way to do so.</returns>
    public static bool Reset()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            // 5 sets the peak (VmHWM) to the present size: proc(5).
            File.WriteAllText(ResetFile, "5");
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static long Bytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
