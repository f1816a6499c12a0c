using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>C = A * W^T + bias, for activations A [M, K] and packed weights W [N, K].</summary>
/// <remarks>
/// Outputs are bit for bit the same on every path, for 1 row and for 200, and a row does not depend on the rows beside it: see
/// <see cref="TileKernel"/>. Only <see cref="GemmEpilogue.Gelu"/> and <see cref="GemmEpilogue.SwiGlu"/> differ in the last bits between paths.
/// </remarks>
internal static unsafe class Gemm
{
    /// <summary>Most panels of a <see cref="GemmPass"/>: twice three, the most that the widest path keeps in registers; even, so that gate and up panels stay together.</summary>
    public const int MaxPassPanels = 6;

    /// <summary>Up to this number of tiles a product is bound by reading the weights.</summary>
    public const int FewTiles = 4;

    private const int PanelWidth = TileKernel.PanelWidth;

    /// <summary>Panels that all tiles of rows pass over before the next ones are read.</summary>
    /// <remarks>
    /// Of plain numbers full tiles take six and lower ones four, two or one time as many as the widest path multiplies at once. Quantised panels are
    /// taken one by one; with few tiles two of them, the least that keeps gate and up together, stay in the nearest caches.
    /// </remarks>
    public static int PassPanels(WeightFormat format, TileShape shape)
    {
        if (format.IsQuantized()) return shape.Count <= FewTiles ? 2 : MaxPassPanels;
        return shape.Height == TileKernel.Height ? MaxPassPanels : 4;
    }

    /// <summary>Computes some outputs of some rows on the calling thread.</summary>
    /// <param name="operands">Activations, bias and outputs.</param>
    /// <param name="weights">W.</param>
    /// <param name="firstTile">First tile of rows.</param>
    /// <param name="tileCount">Number of tiles.</param>
    /// <param name="firstPanel">First panel of W, even.</param>
    /// <param name="panelCount">Number of panels.</param>
    /// <param name="path">Vector registers to use.</param>
    [SkipLocalsInit]
    public static void Run(in GemmOperands operands, PackedMatrix weights, int firstTile, int tileCount, int firstPanel, int panelCount, KernelPath path)
    {
        var pass = new GemmPass(operands.Input, weights, weights.Shape(operands.RowCount, path), path);
        float* sums = stackalloc float[pass.SumCount];
        for (int panel = firstPanel; panel < firstPanel + panelCount; panel += pass.PanelCount)
        {
            int count = Math.Min(pass.PanelCount, firstPanel + panelCount - panel);
            for (int tile = firstTile; tile < firstTile + tileCount; tile += pass.TilesAtOnce)
            {
                int tiles = Math.Min(pass.TilesAtOnce, firstTile + tileCount - tile);
                pass.Multiply(tile, tiles, panel, count, sums);
                for (int t = 0; t < tiles; t++) Finish(operands, weights, pass.Shape, sums + pass.SumsOf(t), tile + t, panel, count, path);
            }
        }
    }

    /// <summary>Bytes of a full tile of activations as <see cref="GemmPass"/> reads them.</summary>
    public static long TileBytes(PackedMatrix weights, int rowCount, KernelPath path)
    {
        int height = weights.Shape(rowCount, path).Height;
        return weights.Format.IsQuantized() ? QuantizedRows.TileBytes(height, weights.ColumnCount, weights.Format, path) : (long)height * weights.ColumnCount * sizeof(float);
    }

    private static void Finish(in GemmOperands operands, PackedMatrix weights, TileShape shape, float* sums, int tile, int panel, int panelCount, KernelPath path)
    {
        int height = shape.HeightOf(tile);
        int firstRow = shape.FirstRow(tile);
        int rowCount = shape.RowsIn(tile);
        bool isPaired = operands.Epilogue == GemmEpilogue.SwiGlu;
        int outputWidth = isPaired ? weights.RowCount / 2 : weights.RowCount;
        int panelsPerOutput = isPaired ? 2 : 1;
        for (int p = 0; p < panelCount; p += panelsPerOutput, sums += panelsPerOutput * height * PanelWidth)
        {
            int column = (panel + p) / panelsPerOutput * PanelWidth;
            int columnCount = Math.Min(PanelWidth, outputWidth - column);
            FinishSums(operands, sums, height, column, columnCount, path);
            if (operands.IsOutputTiled) StoreTiled(operands, sums, height, firstRow, rowCount, outputWidth, column, columnCount);
            else StoreRows(operands, sums, ((long)firstRow * outputWidth) + column, rowCount, outputWidth, columnCount);
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
        TileShape shape = TileShape.OfPlainRows(operands.RowCount);
        int tile = firstRow / shape.Height;
        if (shape.FirstRow(tile) == firstRow && shape.HeightOf(tile) == height && height > 1)
        {
            RowTiles.Pack(sums, PanelWidth, rowCount, columnCount, height, RowTiles.Row(operands.Output, firstRow, outputWidth, shape) + ((long)column * height));
            return;
        }

        for (int row = firstRow; row < firstRow + rowCount; row++, sums += PanelWidth)
        {
            int lane = shape.HeightOf(row / shape.Height);
            float* output = RowTiles.Row(operands.Output, row, outputWidth, shape) + ((long)column * lane);
            for (int i = 0; i < columnCount; i++) output[(long)i * lane] = sums[i];
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
