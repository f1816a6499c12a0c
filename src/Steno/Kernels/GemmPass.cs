using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>Multiplies tiles of rows by panels of a matrix and leaves the sums as they are: what products and the output head have in common.</summary>
/// <remarks>
/// A caller takes <see cref="PanelCount"/> panels, lets all tiles pass over them, <see cref="TilesAtOnce"/> at a time, and goes on to the next. Few tiles
/// are bound by reading the weights: all of them meet a panel while it is near, and each asks memory for its share of the next one meanwhile.
/// </remarks>
internal readonly unsafe struct GemmPass
{
    /// <summary>Floats that hold the sums of any call.</summary>
    public const int MaxSums = 2 * Gemm.FewTiles * PanelSums;

    // Sums of a panel for a tile of any height.
    private const int PanelSums = TileKernel.Height * TileKernel.PanelWidth;

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

    /// <summary>Tiles to take at a time.</summary>
    public int TilesAtOnce => IsBoundByMemory ? Gemm.FewTiles : 1;

    private bool IsBoundByMemory => PanelCount < Gemm.MaxPassPanels;

    /// <summary>Where the sums of a call's tile begin.</summary>
    /// <param name="index">Index of the tile among those of the call.</param>
    public int SumsOf(int index) => index * PanelCount * PanelSums;

    /// <summary>Multiplies some tiles by some panels.</summary>
    /// <param name="firstTile">First tile.</param>
    /// <param name="tileCount">Number of tiles, at most <see cref="TilesAtOnce"/>.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="panelCount">Number of panels, at most <see cref="PanelCount"/>.</param>
    /// <param name="sums">Receives for each tile, at <see cref="SumsOf"/>, [panels, height of the tile, 16]; <see cref="MaxSums"/> are always enough.</param>
    public void Multiply(int firstTile, int tileCount, int firstPanel, int panelCount, float* sums)
    {
        if (!_weights.Format.IsQuantized())
        {
            for (int i = 0; i < tileCount; i++) MultiplyPlain(firstTile + i, firstPanel, panelCount, sums + SumsOf(i));
            return;
        }

        for (int panel = 0; panel < panelCount; panel++)
        {
            for (int i = 0; i < tileCount; i++)
            {
                int height = Shape.HeightOf(firstTile + i);
                float* target = sums + SumsOf(i) + (panel * height * TileKernel.PanelWidth);
                DotKernel.Multiply(Tile(firstTile + i), height, _weights, firstPanel + panel, 1, target, Prefetch(i, tileCount), _path);
            }
        }
    }

    private byte* Tile(int tile) => _tiles + (tile * _tileBytes);

    private void MultiplyPlain(int tile, int firstPanel, int panelCount, float* sums)
    {
        byte* panels = _weights.Panel(firstPanel);
        int height = Shape.HeightOf(tile);
        if (_weights.Format == WeightFormat.F32) MultiplyPlain((float*)Tile(tile), height, (float*)panels, panelCount, sums);
        else MultiplyPlain((float*)Tile(tile), height, (BFloat16*)panels, panelCount, sums);
    }

    private void MultiplyPlain<TElement>(float* tile, int height, TElement* panels, int panelCount, float* sums)
        where TElement : unmanaged
    {
        int depth = _weights.ColumnCount;
        TileKernel.Multiply(tile, height, panels, (long)TileKernel.PanelWidth * depth, TileKernel.PanelWidth, depth, panelCount, sums, accumulates: false, _path);
    }

    private PanelPrefetch Prefetch(int tile, int tileCount) =>
        IsBoundByMemory ? PanelPrefetch.Share(_weights.ByteCount / _weights.PanelCount, tile, tileCount) : PanelPrefetch.None;
}
