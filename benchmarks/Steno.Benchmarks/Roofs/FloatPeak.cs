using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Benchmarks.Roofs;

/// <summary>Fused multiply-adds between registers, nothing else.</summary>
/// <remarks>
/// Twelve chains that do not depend on each other: a unit with a latency of 4 cycles and a throughput of 2 a cycle needs 8 to stay busy,
/// one with 5 and 2 needs 10; and twelve sums with the two factors fit into the 16 registers of AVX2.
/// </remarks>
internal static class FloatPeak
{
    private const int ChainCount = 12;

    /// <summary>The vector widths of this machine, widest first; then plain floats.</summary>
    public static IReadOnlyList<string> Supported { get; } =
    [
        .. Vector512.IsHardwareAccelerated ? ["Vector512"] : Array.Empty<string>(),
        .. Vector256.IsHardwareAccelerated ? ["Vector256"] : Array.Empty<string>(),
        .. Vector128.IsHardwareAccelerated ? ["Vector128"] : Array.Empty<string>(),
        "Scalar",
    ];

    /// <summary>Measures one width with one number of threads.</summary>
    /// <param name="name">One of <see cref="Supported"/>.</param>
    /// <param name="threadCount">Threads.</param>
    /// <param name="iterationCount">Turns of the loop in a run.</param>
    /// <param name="runCount">Runs.</param>
    public static Roof Measure(string name, int threadCount, long iterationCount, int runCount)
    {
        (int laneCount, Func<long, float> loop) = name switch
        {
            "Vector512" => (Vector512<float>.Count, (Func<long, float>)Loop512),
            "Vector256" => (Vector256<float>.Count, Loop256),
            "Vector128" => (Vector128<float>.Count, Loop128),
            "Scalar" => (1, LoopScalar),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a vector width."),
        };
        double operations = 2.0 * ChainCount * laneCount * iterationCount * threadCount;
        return Roof.Measure(RoofKind.FloatPeak, name, threadCount, runCount, operations, _ =>
        {
            if (float.IsNaN(loop(iterationCount))) throw new InvalidOperationException("The sums of equal terms cannot be NaN.");
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop512(long count)
    {
        Vector512<float> x = Vector512.Create(1.5f), y = Vector512.Create(0.25f);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        Vector512<float> s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        for (long i = 0; i < count; i++)
        {
            s0 = Vector512.FusedMultiplyAdd(x, y, s0);
            s1 = Vector512.FusedMultiplyAdd(x, y, s1);
            s2 = Vector512.FusedMultiplyAdd(x, y, s2);
            s3 = Vector512.FusedMultiplyAdd(x, y, s3);
            s4 = Vector512.FusedMultiplyAdd(x, y, s4);
            s5 = Vector512.FusedMultiplyAdd(x, y, s5);
            s6 = Vector512.FusedMultiplyAdd(x, y, s6);
            s7 = Vector512.FusedMultiplyAdd(x, y, s7);
            s8 = Vector512.FusedMultiplyAdd(x, y, s8);
            s9 = Vector512.FusedMultiplyAdd(x, y, s9);
            s10 = Vector512.FusedMultiplyAdd(x, y, s10);
            s11 = Vector512.FusedMultiplyAdd(x, y, s11);
        }

        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop256(long count)
    {
        Vector256<float> x = Vector256.Create(1.5f), y = Vector256.Create(0.25f);
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        Vector256<float> s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        for (long i = 0; i < count; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(x, y, s0);
            s1 = Vector256.FusedMultiplyAdd(x, y, s1);
            s2 = Vector256.FusedMultiplyAdd(x, y, s2);
            s3 = Vector256.FusedMultiplyAdd(x, y, s3);
            s4 = Vector256.FusedMultiplyAdd(x, y, s4);
            s5 = Vector256.FusedMultiplyAdd(x, y, s5);
            s6 = Vector256.FusedMultiplyAdd(x, y, s6);
            s7 = Vector256.FusedMultiplyAdd(x, y, s7);
            s8 = Vector256.FusedMultiplyAdd(x, y, s8);
            s9 = Vector256.FusedMultiplyAdd(x, y, s9);
            s10 = Vector256.FusedMultiplyAdd(x, y, s10);
            s11 = Vector256.FusedMultiplyAdd(x, y, s11);
        }

        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Loop128(long count)
    {
        Vector128<float> x = Vector128.Create(1.5f), y = Vector128.Create(0.25f);
        Vector128<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        Vector128<float> s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        for (long i = 0; i < count; i++)
        {
            s0 = Vector128.FusedMultiplyAdd(x, y, s0);
            s1 = Vector128.FusedMultiplyAdd(x, y, s1);
            s2 = Vector128.FusedMultiplyAdd(x, y, s2);
            s3 = Vector128.FusedMultiplyAdd(x, y, s3);
            s4 = Vector128.FusedMultiplyAdd(x, y, s4);
            s5 = Vector128.FusedMultiplyAdd(x, y, s5);
            s6 = Vector128.FusedMultiplyAdd(x, y, s6);
            s7 = Vector128.FusedMultiplyAdd(x, y, s7);
            s8 = Vector128.FusedMultiplyAdd(x, y, s8);
            s9 = Vector128.FusedMultiplyAdd(x, y, s9);
            s10 = Vector128.FusedMultiplyAdd(x, y, s10);
            s11 = Vector128.FusedMultiplyAdd(x, y, s11);
        }

        return Vector128.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float LoopScalar(long count)
    {
        float x = 1.5f, y = 0.25f;
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0;
        float s6 = 0, s7 = 0, s8 = 0, s9 = 0, s10 = 0, s11 = 0;
        for (long i = 0; i < count; i++)
        {
            s0 = MathF.FusedMultiplyAdd(x, y, s0);
            s1 = MathF.FusedMultiplyAdd(x, y, s1);
            s2 = MathF.FusedMultiplyAdd(x, y, s2);
            s3 = MathF.FusedMultiplyAdd(x, y, s3);
            s4 = MathF.FusedMultiplyAdd(x, y, s4);
            s5 = MathF.FusedMultiplyAdd(x, y, s5);
            s6 = MathF.FusedMultiplyAdd(x, y, s6);
            s7 = MathF.FusedMultiplyAdd(x, y, s7);
            s8 = MathF.FusedMultiplyAdd(x, y, s8);
            s9 = MathF.FusedMultiplyAdd(x, y, s9);
            s10 = MathF.FusedMultiplyAdd(x, y, s10);
            s11 = MathF.FusedMultiplyAdd(x, y, s11);
        }

        return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11;
    }
}
