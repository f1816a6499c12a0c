using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>Asks memory for what will be read soon.</summary>
internal static unsafe class Prefetcher
{
    private const int LineBytes = 64;

    /// <summary>Asks for a run of memory; any address will do, also one that nobody may read.</summary>
    /// <remarks>
    /// Lines go to the second cache: more of them can be under way to it than to the first, which is what a core's share of memory depends on, and they do
    /// not displace what is read meanwhile.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ask(byte* address, long byteCount)
    {
        if (!Sse.IsSupported) return;
        for (byte* end = address + byteCount; address < end; address += LineBytes) Sse.Prefetch1(address);
    }
}
