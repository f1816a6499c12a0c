using System.Runtime.CompilerServices;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>C = A * W^T + bias, for activations A [M, K] and packed weights W [N, K].</summary>
/// <remarks>
/// Every output is one chain of fused multiply-adds over k = 0..K-1, in this order, whatever the path, the number of rows, or the tile the
/// output falls into. So outputs are bit for bit the same for 1 row and for 200, and a row does not depend on the rows beside it.
/// </remarks>
internal static unsafe partial class Gemm
{
    /// <summary>Computes the outputs of some panels, for all rows, on the calling thread.</summary>
    /// <param name="operands">Activations, bias and outputs.</param>
    /// <param name="weights">W.</param>
    /// <param name="firstPanel">First panel to compute: outputs from 16 * firstPanel.</param>
    /// <param name="panelCount">Number of panels.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Run(in GemmOperands operands, PackedMatrix weights, int firstPanel, int panelCount, KernelPath path)
    {
        for (int panel = firstPanel; panel < firstPanel + panelCount; panel++)
        {
            if (weights.Format == WeightFormat.F32) RunPanel(operands, weights.FloatPanel(panel), weights, panel, path);
            else RunPanel(operands, weights.HalfPanel(panel), weights, panel, path);
        }
    }

    private static void RunPanel<TElement>(in GemmOperands operands, TElement* panelWeights, PackedMatrix weights, int panel, KernelPath path)
        where TElement : unmanaged
    {
        const int MaxTileRows = 4;
        float* sums = stackalloc float[MaxTileRows * PackedMatrix.PanelWidth];
        int depth = weights.ColumnCount;
        int column = panel * PackedMatrix.PanelWidth;
        int columnCount = Math.Min(PackedMatrix.PanelWidth, weights.RowCount - column);
        for (int row = 0; row < operands.RowCount;)
        {
            int tileRows = operands.RowCount - row >= MaxTileRows ? MaxTileRows : 1;
            float* input = operands.Input + (row * operands.InputStride);
            switch (path)
            {
                case KernelPath.Vector128 when tileRows == MaxTileRows: Vector128FourRows(input, operands.InputStride, panelWeights, depth, sums); break;
                case KernelPath.Vector128: Vector128OneRow(input, panelWeights, depth, sums); break;
                default: Scalar(input, operands.InputStride, tileRows, panelWeights, depth, sums); break;
            }

            for (int i = 0; i < tileRows; i++)
                Finish(operands, sums + (i * PackedMatrix.PanelWidth), row + i, column, columnCount, path);
            row += tileRows;
        }
    }

    private static void Finish(in GemmOperands operands, float* sums, int row, int column, int count, KernelPath path)
    {
        float* output = operands.Output + (row * operands.OutputStride) + column;
        if (operands.Bias is not null)
        {
            for (int i = 0; i < count; i++) sums[i] += operands.Bias[column + i];
        }

        if (operands.Epilogue == GemmEpilogue.Gelu) Gelu.Apply(sums, count, path);
        if (operands.Epilogue == GemmEpilogue.Add)
        {
            for (int i = 0; i < count; i++) output[i] += sums[i];
        }
        else
        {
            for (int i = 0; i < count; i++) output[i] = sums[i];
        }
    }

    private static float Widen<TElement>(TElement weight)
        where TElement : unmanaged
    {
        if (typeof(TElement) == typeof(float)) return Unsafe.As<TElement, float>(ref weight);
        return Unsafe.As<TElement, BFloat16>(ref weight);
    }
}
