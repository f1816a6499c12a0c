using System.Runtime.InteropServices;

namespace Steno.Tensors;

/// <summary>Hints about memory to the operating system. They change speed and footprint, never content; where a system has none, nothing happens.</summary>
internal static unsafe partial class MemoryAdvice
{
    /// <summary>Size and alignment from which huge pages pay: a page of 2 MB in place of 512 small ones.</summary>
    public const int HugePageBytes = 2 << 20;

    // The Linux values of madvise(2).
    private const int HugePage = 14;
    private const int PopulateRead = 22;

    /// <summary>Asks for huge pages under memory that was just allocated: fewer page faults, and fewer misses of the address cache while weights stream by.</summary>
    public static void UseHugePages(void* start, nuint byteCount)
    {
        if (OperatingSystem.IsLinux()) _ = Advise(start, byteCount, HugePage);
    }

    /// <summary>Asks for the pages of a mapped file that are in memory to be entered into the tables of this process, which costs less than a fault for every few of them.</summary>
    /// <param name="start">The first byte, on a boundary of pages.</param>
    /// <param name="byteCount">Bytes of the whole mapping.</param>
    /// <param name="part">Which part of it: several may be asked for at the same time.</param>
    /// <param name="partCount">Number of parts.</param>
    public static void Populate(void* start, long byteCount, int part, int partCount)
    {
        if (!OperatingSystem.IsLinux()) return;
        long first = byteCount * part / partCount / HugePageBytes * HugePageBytes;
        long end = part == partCount - 1 ? byteCount : byteCount * (part + 1) / partCount / HugePageBytes * HugePageBytes;
        if (end > first) _ = Advise((byte*)start + first, (nuint)(end - first), PopulateRead);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint byteCount, int advice);
}
