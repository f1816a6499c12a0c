using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Kernels;

internal static unsafe partial class TileKernel
{
    // 4 rows by 16 columns: 16 sums, 4 registers of weights and 1 of activations, of the 32 that ARM64 has.
    private static void Vector128Rows4<TElement>(float* a, TElement* b, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        Vector128<float> s00 = Vector128.Load(sums), s01 = Vector128.Load(sums + 4), s02 = Vector128.Load(sums + 8), s03 = Vector128.Load(sums + 12);
        Vector128<float> s10 = Vector128.Load(sums + 16), s11 = Vector128.Load(sums + 20), s12 = Vector128.Load(sums + 24), s13 = Vector128.Load(sums + 28);
        Vector128<float> s20 = Vector128.Load(sums + 32), s21 = Vector128.Load(sums + 36), s22 = Vector128.Load(sums + 40), s23 = Vector128.Load(sums + 44);
        Vector128<float> s30 = Vector128.Load(sums + 48), s31 = Vector128.Load(sums + 52), s32 = Vector128.Load(sums + 56), s33 = Vector128.Load(sums + 60);
        for (; depth > 0; depth--, a += 8, b += depthStride)
        {
            Vector128<float> w0 = Load128(b), w1 = Load128(b + 4), w2 = Load128(b + 8), w3 = Load128(b + 12);
            Vector128<float> x = Vector128.Create(*a);
            s00 = Vector128.FusedMultiplyAdd(x, w0, s00);
            s01 = Vector128.FusedMultiplyAdd(x, w1, s01);
            s02 = Vector128.FusedMultiplyAdd(x, w2, s02);
            s03 = Vector128.FusedMultiplyAdd(x, w3, s03);
            x = Vector128.Create(a[1]);
            s10 = Vector128.FusedMultiplyAdd(x, w0, s10);
            s11 = Vector128.FusedMultiplyAdd(x, w1, s11);
            s12 = Vector128.FusedMultiplyAdd(x, w2, s12);
            s13 = Vector128.FusedMultiplyAdd(x, w3, s13);
            x = Vector128.Create(a[2]);
            s20 = Vector128.FusedMultiplyAdd(x, w0, s20);
            s21 = Vector128.FusedMultiplyAdd(x, w1, s21);
            s22 = Vector128.FusedMultiplyAdd(x, w2, s22);
            s23 = Vector128.FusedMultiplyAdd(x, w3, s23);
            x = Vector128.Create(a[3]);
            s30 = Vector128.FusedMultiplyAdd(x, w0, s30);
            s31 = Vector128.FusedMultiplyAdd(x, w1, s31);
            s32 = Vector128.FusedMultiplyAdd(x, w2, s32);
            s33 = Vector128.FusedMultiplyAdd(x, w3, s33);
        }

        s00.Store(sums);
        s01.Store(sums + 4);
        s02.Store(sums + 8);
        s03.Store(sums + 12);
        s10.Store(sums + 16);
        s11.Store(sums + 20);
        s12.Store(sums + 24);
        s13.Store(sums + 28);
        s20.Store(sums + 32);
        s21.Store(sums + 36);
        s22.Store(sums + 40);
        s23.Store(sums + 44);
        s30.Store(sums + 48);
        s31.Store(sums + 52);
        s32.Store(sums + 56);
        s33.Store(sums + 60);
    }

    // One row is bound by the memory that the weights come from.
    private static void Vector128Row1<TElement>(float* a, TElement* b, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        Vector128<float> s00 = Vector128.Load(sums), s01 = Vector128.Load(sums + 4), s02 = Vector128.Load(sums + 8), s03 = Vector128.Load(sums + 12);
        for (; depth > 0; depth--, a++, b += depthStride)
        {
            Vector128<float> w0 = Load128(b), w1 = Load128(b + 4), w2 = Load128(b + 8), w3 = Load128(b + 12);
            Vector128<float> x = Vector128.Create(*a);
            s00 = Vector128.FusedMultiplyAdd(x, w0, s00);
            s01 = Vector128.FusedMultiplyAdd(x, w1, s01);
            s02 = Vector128.FusedMultiplyAdd(x, w2, s02);
            s03 = Vector128.FusedMultiplyAdd(x, w3, s03);
        }

        s00.Store(sums);
        s01.Store(sums + 4);
        s02.Store(sums + 8);
        s03.Store(sums + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load128<TElement>(TElement* source)
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float) ? Vector128.Load((float*)source) : Lanes128.Load((BFloat16*)source);
}
