using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>C = A * W^T + bias, for activations A [M, K] and packed weights W [N, K].</summary>
/// <remarks>
/// Outputs are bit for bit the same on every path, for 1 row and for 200, and a row does not depend on the rows beside it: see
/// <see cref="TileKernel"/>. Only <see cref="GemmEpilogue.Gelu"/> and <see cref="GemmEpilogue.SwiGlu"/> differ in the last bits between paths.
/// </remarks>
internal static unsafe class Gemm
{
    /// <summary>Largest <see cref="GroupSize"/>: two groups of three panels, the most that the widest path keeps in registers; even, so that gate and up panels stay together.</summary>
    public const int MaxGroupSize = 6;

    // One row is bound by memory: four panels are as many streams as the widest path reads at once.
    private const int PanelsPerRowGroup = 4;

    private const int PanelWidth = TileKernel.PanelWidth;

    /// <summary>Panels that a call should get, or a multiple of them.</summary>
    public static int GroupSize(int rowCount) => rowCount == 1 ? PanelsPerRowGroup : MaxGroupSize;

    /// <summary>Computes some outputs of some rows on the calling thread.</summary>
    /// <param name="operands">Activations, bias and outputs.</param>
    /// <param name="weights">W.</param>
    /// <param name="firstTile">First tile of rows.</param>
    /// <param name="tileCount">Number of tiles.</param>
    /// <param name="firstPanel">First panel of W, even.</param>
    /// <param name="panelCount">Number of panels.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Run(in GemmOperands operands, PackedMatrix weights, int firstTile, int tileCount, int firstPanel, int panelCount, KernelPath path)
    {
        int groupSize = GroupSize(operands.RowCount);
        for (int panel = firstPanel; panel < firstPanel + panelCount; panel += groupSize)
        {
            RunGroup(operands, weights, firstTile, tileCount, panel, Math.Min(groupSize, firstPanel + panelCount - panel), path);
        }
    }

    /// <summary>Multiplies one tile of rows by some panels and leaves the sums as they are.</summary>
    /// <param name="tile">[K, height], or a tile of <see cref="QuantizedRows"/> where the weights are quantised.</param>
    /// <param name="height">Rows of the tile: <see cref="PackedMatrix.TileHeight"/>.</param>
    /// <param name="weights">W.</param>
    /// <param name="firstPanel">First panel of W.</param>
    /// <param name="panelCount">Number of panels.</param>
    /// <param name="sums">[panels, height, 16].</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Multiply(byte* tile, int height, PackedMatrix weights, int firstPanel, int panelCount, float* sums, KernelPath path)
    {
        byte* panels = weights.Panel(firstPanel);
        if (weights.Format == WeightFormat.F32) Multiply((float*)tile, height, (float*)panels, weights.ColumnCount, panelCount, sums, path);
        else if (weights.Format == WeightFormat.BF16) Multiply((float*)tile, height, (BFloat16*)panels, weights.ColumnCount, panelCount, sums, path);
        else DotKernel.Multiply(tile, height, weights, firstPanel, panelCount, sums, path);
    }

    /// <summary>Bytes of a tile of activations as <see cref="Multiply(byte*, int, PackedMatrix, int, int, float*, KernelPath)"/> reads them.</summary>
    public static long TileBytes(PackedMatrix weights, int rowCount, KernelPath path)
    {
        int height = weights.TileHeight(rowCount);
        return weights.Format.IsQuantized() ? QuantizedRows.TileBytes(height, weights.ColumnCount, path) : (long)height * weights.ColumnCount * sizeof(float);
    }

    private static void Multiply<TElement>(float* tile, int height, TElement* panels, int depth, int panelCount, float* sums, KernelPath path)
        where TElement : unmanaged
    {
        if (height == 1) TileKernel.Row1(tile, panels, (long)PanelWidth * depth, PanelWidth, depth, panelCount, sums, accumulates: false, path);
        else TileKernel.Rows8(tile, panels, (long)PanelWidth * depth, PanelWidth, depth, panelCount, sums, accumulates: false, path);
    }

    // The group's weights stay in the core's L2 while all tiles of rows pass by.
    private static void RunGroup(in GemmOperands operands, PackedMatrix weights, int firstTile, int tileCount, int panel, int panelCount, KernelPath path)
    {
        float* sums = stackalloc float[MaxGroupSize * TileKernel.Height * PanelWidth];
        int height = weights.TileHeight(operands.RowCount);
        long tileBytes = TileBytes(weights, operands.RowCount, path);
        for (int tile = firstTile; tile < firstTile + tileCount; tile++)
        {
            Multiply((byte*)operands.Input + (tile * tileBytes), height, weights, panel, panelCount, sums, path);
            Finish(operands, weights, sums, tile, panel, panelCount, path);
        }
    }

    private static void Finish(in GemmOperands operands, PackedMatrix weights, float* sums, int tile, int panel, int panelCount, KernelPath path)
    {
        int height = weights.TileHeight(operands.RowCount);
        int rowCount = Math.Min(height, operands.RowCount - (tile * height));
        bool isPaired = operands.Epilogue == GemmEpilogue.SwiGlu;
        int outputWidth = isPaired ? weights.RowCount / 2 : weights.RowCount;
        int panelsPerOutput = isPaired ? 2 : 1;
        for (int p = 0; p < panelCount; p += panelsPerOutput, sums += panelsPerOutput * height * PanelWidth)
        {
            int column = (panel + p) / panelsPerOutput * PanelWidth;
            int columnCount = Math.Min(PanelWidth, outputWidth - column);
            FinishSums(operands, sums, height, column, columnCount, path);
            if (operands.IsOutputTiled) StoreTiled(operands, sums, height, tile * height, rowCount, outputWidth, column, columnCount);
            else StoreRows(operands, sums, ((long)tile * height * outputWidth) + column, rowCount, outputWidth, columnCount);
        }
    }

    // The sums of all rows at once, those that fill up the tile included: they are numbers too, and one long loop beats eight short ones.
    private static void FinishSums(in GemmOperands operands, float* sums, int height, int column, int columnCount, KernelPath path)
    {
        int count = height * PanelWidth;
        if (operands.Bias is not null)
        {
            for (int row = 0; row < height; row++) AddTo(sums + (row * PanelWidth), operands.Bias + column, columnCount);
        }

        if (operands.Epilogue == GemmEpilogue.Gelu) Gelu.Apply(sums, count, path);
        else if (operands.Epilogue == GemmEpilogue.SwiGlu) SwiGlu.Apply(sums, sums + count, sums, count, path);
    }

    private static void StoreRows(in GemmOperands operands, float* sums, long start, int rowCount, int outputWidth, int columnCount)
    {
        float* output = operands.Output + start;
        bool adds = operands.Epilogue == GemmEpilogue.Add;
        for (int row = 0; row < rowCount; row++, output += outputWidth, sums += PanelWidth)
        {
            if (columnCount == PanelWidth) (adds ? Vector512.Load(output) + Vector512.Load(sums) : Vector512.Load(sums)).Store(output);
            else if (adds) AddTo(output, sums, columnCount);
            else new ReadOnlySpan<float>(sums, columnCount).CopyTo(new Span<float>(output, columnCount));
        }
    }

    // The tiles of a quantised product are not those that the next product may want.
    private static void StoreTiled(in GemmOperands operands, float* sums, int height, int firstRow, int rowCount, int outputWidth, int column, int columnCount)
    {
        int outputHeight = RowTiles.Height(operands.RowCount);
        if (height == outputHeight && height > 1)
        {
            RowTiles.Pack(sums, PanelWidth, rowCount, columnCount, RowTiles.Row(operands.Output, firstRow, outputWidth, height) + ((long)column * height));
            return;
        }

        for (int row = 0; row < rowCount; row++, sums += PanelWidth)
        {
            float* output = RowTiles.Row(operands.Output, firstRow + row, outputWidth, outputHeight) + ((long)column * outputHeight);
            for (int i = 0; i < columnCount; i++) output[(long)i * outputHeight] = sums[i];
        }
    }

    private static void AddTo(float* target, float* values, int count)
    {
        int i = 0;
        for (; i <= count - Vector128<float>.Count; i += Vector128<float>.Count)
            (Vector128.Load(target + i) + Vector128.Load(values + i)).Store(target + i);
        for (; i < count; i++) target[i] += values[i];
    }
}
