using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Steno.Kernels;

namespace Steno.Benchmarks.Roofs;

/// <summary>Dot products of u8 and s8 summed in 32 bits, between registers, nothing else.</summary>
/// <remarks>
/// Without VNNI a dot product takes three instructions: products in pairs to 16 bits, pairs of those to 32, and the sum. There the second
/// factor is the sum itself, so that no product is the same in every turn and could be taken out of the loop.
/// </remarks>
internal static class IntegerDotPeak
{
    /// <summary>The instruction sets of this machine that have a way to do it, best first.</summary>
    public static IReadOnlyList<string> Supported { get; } =
    [
        .. AvxVnni.IsSupported ? ["AVX-VNNI 256"] : Array.Empty<string>(),
        .. Avx512BW.IsSupported ? ["AVX-512BW"] : Array.Empty<string>(),
        .. Avx2.IsSupported ? ["AVX2"] : Array.Empty<string>(),
    ];

    /// <summary>The one that the kernels of a path use; null where they have none.</summary>
    public static string? NameFor(KernelPath path) => path switch
    {
        KernelPath.Vector512 or KernelPath.Vector256 when AvxVnni.IsSupported => "AVX-VNNI 256",
        KernelPath.Vector512 when Avx512BW.IsSupported => "AVX-512BW",
        KernelPath.Vector256 when Avx2.IsSupported => "AVX2",
        _ => null,
    };

    /// <summary>Measures one instruction set with one number of threads.</summary>
    /// <param name="name">One of <see cref="Supported"/>.</param>
    /// <param name="threadCount">Threads.</param>
    /// <param name="iterationCount">Turns of the loop in a run.</param>
    /// <param name="runCount">Runs.</param>
    public static Roof Measure(string name, int threadCount, long iterationCount, int runCount)
    {
        (int chainCount, int byteCount, Func<long, int> loop) = name switch
        {
            "AVX-VNNI 256" => (12, Vector256<byte>.Count, (Func<long, int>)LoopVnni),
            "AVX-512BW" => (12, Vector512<byte>.Count, Loop512),
            "AVX2" => (10, Vector256<byte>.Count, Loop256),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not an instruction set with a dot product."),
        };
        double operations = 2.0 * chainCount * byteCount * iterationCount * threadCount;
        int[] sums = new int[threadCount];
        return Roof.Measure(RoofKind.IntegerDotPeak, name, threadCount, runCount, operations, thread => sums[thread] = loop(iterationCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int LoopVnni(long count)
    {
        Vector256<byte> x = Vector256.Create((byte)3);
        Vector256<sbyte> w = Vector256.Create((sbyte)-2);
        Vector256<int> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        Vector256<int> s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        for (long i = 0; i < count; i++)
        {
            s0 = AvxVnni.MultiplyWideningAndAdd(s0, x, w);
            s1 = AvxVnni.MultiplyWideningAndAdd(s1, x, w);
            s2 = AvxVnni.MultiplyWideningAndAdd(s2, x, w);
            s3 = AvxVnni.MultiplyWideningAndAdd(s3, x, w);
            s4 = AvxVnni.MultiplyWideningAndAdd(s4, x, w);
            s5 = AvxVnni.MultiplyWideningAndAdd(s5, x, w);
            s6 = AvxVnni.MultiplyWideningAndAdd(s6, x, w);
            s7 = AvxVnni.MultiplyWideningAndAdd(s7, x, w);
            s8 = AvxVnni.MultiplyWideningAndAdd(s8, x, w);
            s9 = AvxVnni.MultiplyWideningAndAdd(s9, x, w);
            s10 = AvxVnni.MultiplyWideningAndAdd(s10, x, w);
            s11 = AvxVnni.MultiplyWideningAndAdd(s11, x, w);
        }

        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Loop512(long count)
    {
        Vector512<byte> x = Vector512.Create((byte)3);
        Vector512<short> one = Vector512<short>.One;
        Vector512<int> s0 = Vector512.Create(0), s1 = Vector512.Create(1), s2 = Vector512.Create(2), s3 = Vector512.Create(3), s4 = Vector512.Create(4), s5 = Vector512.Create(5);
        Vector512<int> s6 = Vector512.Create(6), s7 = Vector512.Create(7), s8 = Vector512.Create(8), s9 = Vector512.Create(9), s10 = Vector512.Create(10), s11 = Vector512.Create(11);
        for (long i = 0; i < count; i++)
        {
            s0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s0.AsSByte()), one);
            s1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s1.AsSByte()), one);
            s2 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s2.AsSByte()), one);
            s3 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s3.AsSByte()), one);
            s4 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s4.AsSByte()), one);
            s5 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s5.AsSByte()), one);
            s6 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s6.AsSByte()), one);
            s7 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s7.AsSByte()), one);
            s8 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s8.AsSByte()), one);
            s9 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s9.AsSByte()), one);
            s10 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s10.AsSByte()), one);
            s11 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, s11.AsSByte()), one);
        }

        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Loop256(long count)
    {
        Vector256<byte> x = Vector256.Create((byte)3);
        Vector256<short> one = Vector256<short>.One;
        Vector256<int> s0 = Vector256.Create(0), s1 = Vector256.Create(1), s2 = Vector256.Create(2), s3 = Vector256.Create(3), s4 = Vector256.Create(4);
        Vector256<int> s5 = Vector256.Create(5), s6 = Vector256.Create(6), s7 = Vector256.Create(7), s8 = Vector256.Create(8), s9 = Vector256.Create(9);
        for (long i = 0; i < count; i++)
        {
            s0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s0.AsSByte()), one);
            s1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s1.AsSByte()), one);
            s2 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s2.AsSByte()), one);
            s3 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s3.AsSByte()), one);
            s4 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s4.AsSByte()), one);
            s5 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s5.AsSByte()), one);
            s6 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s6.AsSByte()), one);
            s7 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s7.AsSByte()), one);
            s8 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s8.AsSByte()), one);
            s9 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(x, s9.AsSByte()), one);
        }

        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9);
    }
}
