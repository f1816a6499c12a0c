using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Benchmarks.Roofs;

/// <summary>Reads a buffer that no cache can hold, each thread a part of its own, with the widest vectors there are.</summary>
internal static unsafe class MemoryRead
{
    /// <summary>Measures one number of threads.</summary>
    public static Roof Measure(int threadCount, AlignedBuffer<byte> buffer, int runCount)
    {
        // Whole blocks of eight of the widest vectors.
        const int BlockBytes = 8 * 64;
        long bytesPerThread = buffer.Length / threadCount / BlockBytes * BlockBytes;
        byte* start = buffer.Pointer;
        return Roof.Measure(RoofKind.MemoryRead, "memory read", threadCount, runCount, (double)bytesPerThread * threadCount, thread =>
        {
            ulong sum = Sum(start + (thread * bytesPerThread), bytesPerThread);
            if (sum == ulong.MaxValue) throw new InvalidOperationException("The buffer was zeroed and cannot have this sum.");
        });
    }

    private static ulong Sum(byte* start, long bytes)
    {
        if (Vector512.IsHardwareAccelerated) return Sum512(start, bytes);
        return Vector256.IsHardwareAccelerated ? Sum256(start, bytes) : Sum128(start, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Sum512(byte* start, long bytes)
    {
        Vector512<ulong> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (ulong* p = (ulong*)start, end = (ulong*)(start + bytes); p < end; p += 64)
        {
            a += Vector512.Load(p);
            b += Vector512.Load(p + 8);
            c += Vector512.Load(p + 16);
            d += Vector512.Load(p + 24);
            e += Vector512.Load(p + 32);
            f += Vector512.Load(p + 40);
            g += Vector512.Load(p + 48);
            h += Vector512.Load(p + 56);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Sum256(byte* start, long bytes)
    {
        Vector256<ulong> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (ulong* p = (ulong*)start, end = (ulong*)(start + bytes); p < end; p += 32)
        {
            a += Vector256.Load(p);
            b += Vector256.Load(p + 4);
            c += Vector256.Load(p + 8);
            d += Vector256.Load(p + 12);
            e += Vector256.Load(p + 16);
            f += Vector256.Load(p + 20);
            g += Vector256.Load(p + 24);
            h += Vector256.Load(p + 28);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Sum128(byte* start, long bytes)
    {
        Vector128<ulong> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (ulong* p = (ulong*)start, end = (ulong*)(start + bytes); p < end; p += 16)
        {
            a += Vector128.Load(p);
            b += Vector128.Load(p + 2);
            c += Vector128.Load(p + 4);
            d += Vector128.Load(p + 6);
            e += Vector128.Load(p + 8);
            f += Vector128.Load(p + 10);
            g += Vector128.Load(p + 12);
            h += Vector128.Load(p + 14);
        }

        return Vector128.Sum(a + b + c + d + e + f + g + h);
    }
}
