using System.Globalization;

namespace Steno.Engine;

/// <summary>How much memory the caches of a model take at most, where the caller does not say.</summary>
internal static class FreeMemory
{
    private const string MeminfoPath = "/proc/meminfo";
    private const string AvailableKey = "MemAvailable:";

    /// <summary>A quarter of what is free: the rest is for activations, audio, and whatever else runs.</summary>
    public static long CacheBytes => Bytes / 4;

    /// <summary>Bytes that the process may still take: within the limit of its container, and what the system has left.</summary>
    public static long Bytes => Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, SystemBytes());

    private static long SystemBytes()
    {
        if (!OperatingSystem.IsLinux()) return long.MaxValue;
        try
        {
            foreach (string line in File.ReadLines(MeminfoPath))
            {
                if (!line.StartsWith(AvailableKey, StringComparison.Ordinal)) continue;
                string number = line[AvailableKey.Length..].Trim().Split(' ')[0];
                return long.TryParse(number, CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes * 1024 : long.MaxValue;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }

        return long.MaxValue;
    }
}
