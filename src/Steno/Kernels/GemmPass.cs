using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>Multiplies tiles of rows by panels of a matrix and leaves the sums as they are: what products and the output head have in common.</summary>
/// <remarks>A caller takes <see cref="PanelCount"/> panels, lets all tiles pass over them, and goes on to the next.</remarks>
internal readonly unsafe struct GemmPass
{
    private readonly byte* _tiles;
    private readonly long _tileBytes;
    private readonly PackedMatrix _weights;
    private readonly KernelPath _path;

    /// <summary>Prepares for the rows of a product.</summary>
    /// <param name="tiles">The rows: in the layout of <see cref="RowTiles"/>, or of <see cref="QuantizedRows"/> where the weights are quantised.</param>
    /// <param name="weights">W.</param>
    /// <param name="shape">How the rows are cut: <see cref="PackedMatrix.Shape"/>.</param>
    /// <param name="path">Vector registers to use.</param>
    public GemmPass(void* tiles, PackedMatrix weights, TileShape shape, KernelPath path)
    {
        _tiles = (byte*)tiles;
        _tileBytes = Gemm.TileBytes(weights, shape.RowCount, path);
        _weights = weights;
        _path = path;
        Shape = shape;
        PanelCount = Gemm.PassPanels(weights.Format, shape);
    }

    /// <summary>How the rows are cut.</summary>
    public TileShape Shape { get; }

    /// <summary>Panels to take at a time.</summary>
    public int PanelCount { get; }

    /// <summary>Multiplies one tile by some panels.</summary>
    /// <param name="tile">Index of the tile.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="panelCount">Number of panels, at most <see cref="PanelCount"/>.</param>
    /// <param name="sums">[panels, height of the tile, 16].</param>
    public void Multiply(int tile, int firstPanel, int panelCount, float* sums)
    {
        byte* rows = _tiles + (tile * _tileBytes);
        int height = Shape.HeightOf(tile);
        byte* panels = _weights.Panel(firstPanel);
        if (_weights.Format == WeightFormat.F32) MultiplyPlain(rows, height, (float*)panels, panelCount, sums);
        else if (_weights.Format == WeightFormat.BF16) MultiplyPlain(rows, height, (BFloat16*)panels, panelCount, sums);
        else DotKernel.Multiply(rows, height, _weights, firstPanel, panelCount, sums, Prefetch(tile), _path);
    }

    private void MultiplyPlain<TElement>(byte* rows, int height, TElement* panels, int panelCount, float* sums)
        where TElement : unmanaged
    {
        int depth = _weights.ColumnCount;
        TileKernel.Multiply((float*)rows, height, panels, (long)TileKernel.PanelWidth * depth, TileKernel.PanelWidth, depth, panelCount, sums, accumulates: false, _path);
    }

    // Many tiles are bound by their arithmetic.
    private PanelPrefetch Prefetch(int tile) =>
        PanelCount < Gemm.MaxPassPanels ? PanelPrefetch.Share(PanelCount * (_weights.ByteCount / _weights.PanelCount), tile, Shape.Count) : PanelPrefetch.None;
}
