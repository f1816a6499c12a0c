using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Kernels;

internal static unsafe partial class TileKernel
{
    // 8 rows by 3 panels: 24 sums, 3 registers of weights and 1 of activations, of 32. Each k costs 3 loads of weights and 8 broadcasts for
    // 24 multiply-adds, and 24 independent chains cover the latency of 4 cycles at two multiply-adds a cycle three times over.
#pragma warning disable MA0051 // C# has no arrays of registers, so each of the 24 is written out.
    private static void Vector512Rows8Panels3<TElement>(float* a, TElement* b0, TElement* b1, TElement* b2, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        Vector512<float> s00 = Vector512.Load(sums), s01 = Vector512.Load(sums + 128), s02 = Vector512.Load(sums + 256);
        Vector512<float> s10 = Vector512.Load(sums + 16), s11 = Vector512.Load(sums + 144), s12 = Vector512.Load(sums + 272);
        Vector512<float> s20 = Vector512.Load(sums + 32), s21 = Vector512.Load(sums + 160), s22 = Vector512.Load(sums + 288);
        Vector512<float> s30 = Vector512.Load(sums + 48), s31 = Vector512.Load(sums + 176), s32 = Vector512.Load(sums + 304);
        Vector512<float> s40 = Vector512.Load(sums + 64), s41 = Vector512.Load(sums + 192), s42 = Vector512.Load(sums + 320);
        Vector512<float> s50 = Vector512.Load(sums + 80), s51 = Vector512.Load(sums + 208), s52 = Vector512.Load(sums + 336);
        Vector512<float> s60 = Vector512.Load(sums + 96), s61 = Vector512.Load(sums + 224), s62 = Vector512.Load(sums + 352);
        Vector512<float> s70 = Vector512.Load(sums + 112), s71 = Vector512.Load(sums + 240), s72 = Vector512.Load(sums + 368);
        for (; depth > 0; depth--, a += 8, b0 += depthStride, b1 += depthStride, b2 += depthStride)
        {
            Vector512<float> w0 = Load512(b0), w1 = Load512(b1), w2 = Load512(b2);
            Vector512<float> x = Vector512.Create(*a);
            s00 = Vector512.FusedMultiplyAdd(x, w0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, w1, s01);
            s02 = Vector512.FusedMultiplyAdd(x, w2, s02);
            x = Vector512.Create(a[1]);
            s10 = Vector512.FusedMultiplyAdd(x, w0, s10);
            s11 = Vector512.FusedMultiplyAdd(x, w1, s11);
            s12 = Vector512.FusedMultiplyAdd(x, w2, s12);
            x = Vector512.Create(a[2]);
            s20 = Vector512.FusedMultiplyAdd(x, w0, s20);
            s21 = Vector512.FusedMultiplyAdd(x, w1, s21);
            s22 = Vector512.FusedMultiplyAdd(x, w2, s22);
            x = Vector512.Create(a[3]);
            s30 = Vector512.FusedMultiplyAdd(x, w0, s30);
            s31 = Vector512.FusedMultiplyAdd(x, w1, s31);
            s32 = Vector512.FusedMultiplyAdd(x, w2, s32);
            x = Vector512.Create(a[4]);
            s40 = Vector512.FusedMultiplyAdd(x, w0, s40);
            s41 = Vector512.FusedMultiplyAdd(x, w1, s41);
            s42 = Vector512.FusedMultiplyAdd(x, w2, s42);
            x = Vector512.Create(a[5]);
            s50 = Vector512.FusedMultiplyAdd(x, w0, s50);
            s51 = Vector512.FusedMultiplyAdd(x, w1, s51);
            s52 = Vector512.FusedMultiplyAdd(x, w2, s52);
            x = Vector512.Create(a[6]);
            s60 = Vector512.FusedMultiplyAdd(x, w0, s60);
            s61 = Vector512.FusedMultiplyAdd(x, w1, s61);
            s62 = Vector512.FusedMultiplyAdd(x, w2, s62);
            x = Vector512.Create(a[7]);
            s70 = Vector512.FusedMultiplyAdd(x, w0, s70);
            s71 = Vector512.FusedMultiplyAdd(x, w1, s71);
            s72 = Vector512.FusedMultiplyAdd(x, w2, s72);
        }

        s00.Store(sums);
        s01.Store(sums + 128);
        s02.Store(sums + 256);
        s10.Store(sums + 16);
        s11.Store(sums + 144);
        s12.Store(sums + 272);
        s20.Store(sums + 32);
        s21.Store(sums + 160);
        s22.Store(sums + 288);
        s30.Store(sums + 48);
        s31.Store(sums + 176);
        s32.Store(sums + 304);
        s40.Store(sums + 64);
        s41.Store(sums + 192);
        s42.Store(sums + 320);
        s50.Store(sums + 80);
        s51.Store(sums + 208);
        s52.Store(sums + 336);
        s60.Store(sums + 96);
        s61.Store(sums + 224);
        s62.Store(sums + 352);
        s70.Store(sums + 112);
        s71.Store(sums + 240);
        s72.Store(sums + 368);
    }
#pragma warning restore MA0051

    // What three panels leave over.
    private static void Vector512Rows8<TElement>(float* a, TElement* b, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        Vector512<float> s00 = Vector512.Load(sums);
        Vector512<float> s10 = Vector512.Load(sums + 16);
        Vector512<float> s20 = Vector512.Load(sums + 32);
        Vector512<float> s30 = Vector512.Load(sums + 48);
        Vector512<float> s40 = Vector512.Load(sums + 64);
        Vector512<float> s50 = Vector512.Load(sums + 80);
        Vector512<float> s60 = Vector512.Load(sums + 96);
        Vector512<float> s70 = Vector512.Load(sums + 112);
        for (; depth > 0; depth--, a += 8, b += depthStride)
        {
            Vector512<float> w0 = Load512(b);
            Vector512<float> x = Vector512.Create(*a);
            s00 = Vector512.FusedMultiplyAdd(x, w0, s00);
            x = Vector512.Create(a[1]);
            s10 = Vector512.FusedMultiplyAdd(x, w0, s10);
            x = Vector512.Create(a[2]);
            s20 = Vector512.FusedMultiplyAdd(x, w0, s20);
            x = Vector512.Create(a[3]);
            s30 = Vector512.FusedMultiplyAdd(x, w0, s30);
            x = Vector512.Create(a[4]);
            s40 = Vector512.FusedMultiplyAdd(x, w0, s40);
            x = Vector512.Create(a[5]);
            s50 = Vector512.FusedMultiplyAdd(x, w0, s50);
            x = Vector512.Create(a[6]);
            s60 = Vector512.FusedMultiplyAdd(x, w0, s60);
            x = Vector512.Create(a[7]);
            s70 = Vector512.FusedMultiplyAdd(x, w0, s70);
        }

        s00.Store(sums);
        s10.Store(sums + 16);
        s20.Store(sums + 32);
        s30.Store(sums + 48);
        s40.Store(sums + 64);
        s50.Store(sums + 80);
        s60.Store(sums + 96);
        s70.Store(sums + 112);
    }

    // One row is bound by the memory that the weights come from: four panels are four ascending streams and four chains.
    private static void Vector512Row1Panels4<TElement>(float* a, TElement* b, long panelStride, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        TElement* b0 = b;
        TElement* b1 = b0 + panelStride;
        TElement* b2 = b1 + panelStride;
        TElement* b3 = b2 + panelStride;
        Vector512<float> s00 = Vector512.Load(sums), s01 = Vector512.Load(sums + 16), s02 = Vector512.Load(sums + 32), s03 = Vector512.Load(sums + 48);
        for (; depth > 0; depth--, a++, b0 += depthStride, b1 += depthStride, b2 += depthStride, b3 += depthStride)
        {
            Vector512<float> w0 = Load512(b0), w1 = Load512(b1), w2 = Load512(b2), w3 = Load512(b3);
            Vector512<float> x = Vector512.Create(*a);
            s00 = Vector512.FusedMultiplyAdd(x, w0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, w1, s01);
            s02 = Vector512.FusedMultiplyAdd(x, w2, s02);
            s03 = Vector512.FusedMultiplyAdd(x, w3, s03);
        }

        s00.Store(sums);
        s01.Store(sums + 16);
        s02.Store(sums + 32);
        s03.Store(sums + 48);
    }

    // What four panels leave over.
    private static void Vector512Row1<TElement>(float* a, TElement* b, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        Vector512<float> s00 = Vector512.Load(sums);
        for (; depth > 0; depth--, a++, b += depthStride)
        {
            Vector512<float> w0 = Load512(b);
            Vector512<float> x = Vector512.Create(*a);
            s00 = Vector512.FusedMultiplyAdd(x, w0, s00);
        }

        s00.Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load512<TElement>(TElement* source)
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float) ? Vector512.Load((float*)source) : Lanes512.Load((BFloat16*)source);
}
