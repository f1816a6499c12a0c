using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Kernels;

internal static unsafe partial class Gemm
{
    // A panel is 16 outputs wide: four registers of four floats. Four rows of activations share each group of weights that is loaded,
    // which keeps 16 sums, 4 weights and 1 broadcast in registers.
    private static void Vector128FourRows<TElement>(float* input, long stride, TElement* panel, int depth, float* sums)
        where TElement : unmanaged
    {
        float* x0 = input;
        float* x1 = input + stride;
        float* x2 = x1 + stride;
        float* x3 = x2 + stride;
        Vector128<float> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector128<float> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector128<float> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector128<float> s30 = default, s31 = default, s32 = default, s33 = default;
        for (int k = 0; k < depth; k++, panel += PackedMatrix.PanelWidth)
        {
            Vector128<float> w0 = Load(panel), w1 = Load(panel + 4), w2 = Load(panel + 8), w3 = Load(panel + 12);
            Vector128<float> x = Vector128.Create(x0[k]);
            s00 = Vector128.FusedMultiplyAdd(x, w0, s00);
            s01 = Vector128.FusedMultiplyAdd(x, w1, s01);
            s02 = Vector128.FusedMultiplyAdd(x, w2, s02);
            s03 = Vector128.FusedMultiplyAdd(x, w3, s03);
            x = Vector128.Create(x1[k]);
            s10 = Vector128.FusedMultiplyAdd(x, w0, s10);
            s11 = Vector128.FusedMultiplyAdd(x, w1, s11);
            s12 = Vector128.FusedMultiplyAdd(x, w2, s12);
            s13 = Vector128.FusedMultiplyAdd(x, w3, s13);
            x = Vector128.Create(x2[k]);
            s20 = Vector128.FusedMultiplyAdd(x, w0, s20);
            s21 = Vector128.FusedMultiplyAdd(x, w1, s21);
            s22 = Vector128.FusedMultiplyAdd(x, w2, s22);
            s23 = Vector128.FusedMultiplyAdd(x, w3, s23);
            x = Vector128.Create(x3[k]);
            s30 = Vector128.FusedMultiplyAdd(x, w0, s30);
            s31 = Vector128.FusedMultiplyAdd(x, w1, s31);
            s32 = Vector128.FusedMultiplyAdd(x, w2, s32);
            s33 = Vector128.FusedMultiplyAdd(x, w3, s33);
        }

        StoreRow(sums, s00, s01, s02, s03);
        StoreRow(sums + 16, s10, s11, s12, s13);
        StoreRow(sums + 32, s20, s21, s22, s23);
        StoreRow(sums + 48, s30, s31, s32, s33);
    }

    private static void Vector128OneRow<TElement>(float* input, TElement* panel, int depth, float* sums)
        where TElement : unmanaged
    {
        Vector128<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (int k = 0; k < depth; k++, panel += PackedMatrix.PanelWidth)
        {
            Vector128<float> x = Vector128.Create(input[k]);
            s0 = Vector128.FusedMultiplyAdd(x, Load(panel), s0);
            s1 = Vector128.FusedMultiplyAdd(x, Load(panel + 4), s1);
            s2 = Vector128.FusedMultiplyAdd(x, Load(panel + 8), s2);
            s3 = Vector128.FusedMultiplyAdd(x, Load(panel + 12), s3);
        }

        StoreRow(sums, s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* destination, Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        a.Store(destination);
        b.Store(destination + 4);
        c.Store(destination + 8);
        d.Store(destination + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load<TElement>(TElement* weights)
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float) ? Vector128.Load((float*)weights) : Lanes128.Load((BFloat16*)weights);
}
