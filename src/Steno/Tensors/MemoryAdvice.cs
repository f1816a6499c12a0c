using System.Runtime.InteropServices;

namespace Steno.Tensors;

/// <summary>Hints about memory to the operating system. They change speed and footprint, never content; where a system has none, nothing happens.</summary>
internal static unsafe partial class MemoryAdvice
{
    /// <summary>Size and alignment from which huge pages pay: a page of 2 MB in place of 512 small ones.</summary>
    public const int HugePageBytes = 2 << 20;

    // The Linux value of madvise(2).
    private const int HugePage = 14;

    /// <summary>Asks for huge pages under memory that was just allocated: fewer page faults, and fewer misses of the address cache while weights stream by.</summary>
    public static void UseHugePages(void* start, nuint byteCount)
    {
        if (OperatingSystem.IsLinux()) _ = Advise(start, byteCount, HugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint byteCount, int advice);
}
