namespace Steno.Kernels;

internal static unsafe partial class Gemm
{
    private static void Scalar<TElement>(float* input, long inputStride, int rowCount, TElement* panel, int depth, float* sums)
        where TElement : unmanaged
    {
        for (int row = 0; row < rowCount; row++)
        {
            float* x = input + (row * inputStride);
            for (int lane = 0; lane < PackedMatrix.PanelWidth; lane++)
            {
                float sum = 0;
                for (int k = 0; k < depth; k++)
                    sum = MathF.FusedMultiplyAdd(x[k], Widen(panel[((long)k * PackedMatrix.PanelWidth) + lane]), sum);
                sums[(row * PackedMatrix.PanelWidth) + lane] = sum;
            }
        }
    }
}
