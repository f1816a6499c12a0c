using System.Runtime.CompilerServices;
using Steno.Tensors;

namespace Steno.Kernels;

internal static unsafe partial class TileKernel
{
    private static void Scalar<TElement>(float* a, int rowCount, TElement* b, long depthStride, int depth, float* sums)
        where TElement : unmanaged
    {
        for (int k = 0; k < depth; k++, a += rowCount, b += depthStride)
        {
            for (int row = 0; row < rowCount; row++)
            {
                float* target = sums + (row * PanelWidth);
                for (int column = 0; column < PanelWidth; column++)
                    target[column] = MathF.FusedMultiplyAdd(a[row], Widen(b + column), target[column]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Widen<TElement>(TElement* source)
        where TElement : unmanaged =>
        typeof(TElement) == typeof(float) ? *(float*)source : *(BFloat16*)source;
}
