using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Kernels;

internal static unsafe partial class TileKernel
{
    // 4 rows by 16 columns: 8 sums, 2 registers of weights and 1 of activations, of the 16 that AVX2 has. Eight chains are just what two
    // multiply-adds a cycle with a latency of 4 cycles need.
    private static void Vector256Rows4<TElement>(float* a, TElement* b, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        Vector256<float> s00 = Vector256.Load(sums), s01 = Vector256.Load(sums + 8);
        Vector256<float> s10 = Vector256.Load(sums + 16), s11 = Vector256.Load(sums + 24);
        Vector256<float> s20 = Vector256.Load(sums + 32), s21 = Vector256.Load(sums + 40);
        Vector256<float> s30 = Vector256.Load(sums + 48), s31 = Vector256.Load(sums + 56);
        for (; depth > 0; depth--, a += 8, b += depthStride)
        {
            Vector256<float> w0 = Load256(b), w1 = Load256(b + 8);
            Vector256<float> x = Vector256.Create(*a);
            s00 = Vector256.FusedMultiplyAdd(x, w0, s00);
            s01 = Vector256.FusedMultiplyAdd(x, w1, s01);
            x = Vector256.Create(a[1]);
            s10 = Vector256.FusedMultiplyAdd(x, w0, s10);
            s11 = Vector256.FusedMultiplyAdd(x, w1, s11);
            x = Vector256.Create(a[2]);
            s20 = Vector256.FusedMultiplyAdd(x, w0, s20);
            s21 = Vector256.FusedMultiplyAdd(x, w1, s21);
            x = Vector256.Create(a[3]);
            s30 = Vector256.FusedMultiplyAdd(x, w0, s30);
            s31 = Vector256.FusedMultiplyAdd(x, w1, s31);
        }

        s00.Store(sums);
        s01.Store(sums + 8);
        s10.Store(sums + 16);
        s11.Store(sums + 24);
        s20.Store(sums + 32);
        s21.Store(sums + 40);
        s30.Store(sums + 48);
        s31.Store(sums + 56);
    }

    // One row is bound by the memory that the weights come from.
    private static void Vector256Row1<TElement>(float* a, TElement* b, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        Vector256<float> s00 = Vector256.Load(sums), s01 = Vector256.Load(sums + 8);
        for (; depth > 0; depth--, a++, b += depthStride)
        {
            Vector256<float> w0 = Load256(b), w1 = Load256(b + 8);
            Vector256<float> x = Vector256.Create(*a);
            s00 = Vector256.FusedMultiplyAdd(x, w0, s00);
            s01 = Vector256.FusedMultiplyAdd(x, w1, s01);
        }

        s00.Store(sums);
        s01.Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load256<TElement>(TElement* source)
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float) ? Vector256.Load((float*)source) : Lanes256.Load((BFloat16*)source);
}
