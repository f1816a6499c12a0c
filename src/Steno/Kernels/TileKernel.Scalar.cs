using System.Runtime.CompilerServices;
using Steno.Tensors;

namespace Steno.Kernels;

internal static unsafe partial class TileKernel
{
    // Four columns at a time: as many chains as hide the latency of one multiply-add.
    private static void Scalar<TElement>(float* a, int rowCount, TElement* b, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        for (int row = 0; row < rowCount; row++)
        {
            for (int column = 0; column < PanelWidth; column += 4)
            {
                float* target = sums + (row * PanelWidth) + column;
                float s0 = target[0], s1 = target[1], s2 = target[2], s3 = target[3];
                float* x = a + row;
                TElement* w = b + column;
                for (int k = 0; k < depth; k++, x += rowCount, w += depthStride)
                {
                    s0 = MathF.FusedMultiplyAdd(*x, Widen(w), s0);
                    s1 = MathF.FusedMultiplyAdd(*x, Widen(w + 1), s1);
                    s2 = MathF.FusedMultiplyAdd(*x, Widen(w + 2), s2);
                    s3 = MathF.FusedMultiplyAdd(*x, Widen(w + 3), s3);
                }

                target[0] = s0;
                target[1] = s1;
                target[2] = s2;
                target[3] = s3;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Widen<TElement>(TElement* source)
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float) ? *(float*)source : *(BFloat16*)source;
}
