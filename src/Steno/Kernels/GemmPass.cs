using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>Multiplies tiles of rows by panels of a matrix and leaves the sums as they are: what products and the output head have in common.</summary>
/// <remarks>
/// A caller takes <see cref="PanelCount"/> panels, lets all tiles pass over them, <see cref="TilesAtOnce"/> at a time, and goes on to the next. Few tiles
/// are bound by reading the weights: all of them meet a panel while it is near, and each asks memory for its share of the next one meanwhile.
/// </remarks>
internal readonly unsafe struct GemmPass
{
    // Columns that many tiles meet at a time: of three panels they are 192 KB of floats, which stay in the second cache while the tiles go by. Much shorter
    // runs of memory start the prefetchers of the processor anew too often.
    private const int DepthBlock = 1024;

    // What the widest path multiplies at once.
    private const int PanelsAtOnce = 3;

    // Scales of a panel that have room on the stack: of 32,768 columns.
    private const int MaxScales = 1 << 14;

    // Tiles that meet a block of columns or a panel one after the other, with room for all their sums.
    private const int ManyTiles = 24;

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
    public int TilesAtOnce => IsBoundByMemory ? Gemm.FewTiles : ManyTiles;

    /// <summary>Floats that hold the sums of any call.</summary>
    public int SumCount => TilesAtOnce * PanelCount * PanelSums;

    private bool IsBoundByMemory => PanelCount < Gemm.MaxPassPanels;

    /// <summary>Where the sums of a call's tile begin.</summary>
    /// <param name="index">Index of the tile among those of the call.</param>
    public int SumsOf(int index) => index * PanelCount * PanelSums;

    /// <summary>Multiplies some tiles by some panels.</summary>
    /// <param name="firstTile">First tile.</param>
    /// <param name="tileCount">Number of tiles, at most <see cref="TilesAtOnce"/>.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="panelCount">Number of panels, at most <see cref="PanelCount"/>.</param>
    /// <param name="sums">Receives for each tile, at <see cref="SumsOf"/>, [panels, height of the tile, 16]; <see cref="SumCount"/> are always enough.</param>
    public void Multiply(int firstTile, int tileCount, int firstPanel, int panelCount, float* sums)
    {
        if (_weights.Format == WeightFormat.F32) MultiplyPlain((float*)_weights.Panel(firstPanel), firstTile, tileCount, panelCount, sums);
        else if (_weights.Format == WeightFormat.BF16) MultiplyPlain((BFloat16*)_weights.Panel(firstPanel), firstTile, tileCount, panelCount, sums);
        else MultiplyCodes(firstTile, tileCount, firstPanel, panelCount, sums);
    }

    [SkipLocalsInit]
    private void MultiplyCodes(int firstTile, int tileCount, int firstPanel, int panelCount, float* sums)
    {
        int scaleCount = DotKernel.ScaleCount(_weights);
        bool isWidened = tileCount > 1 && scaleCount <= MaxScales;
        float* memory = stackalloc float[isWidened ? scaleCount : 0];
        float* scales = isWidened ? memory : null;
        for (int panel = 0; panel < panelCount; panel++)
        {
            if (isWidened) DotKernel.WidenScales(_weights, firstPanel + panel, scales);
            for (int i = 0; i < tileCount; i++)
            {
                int height = Shape.HeightOf(firstTile + i);
                float* target = sums + SumsOf(i) + (panel * height * TileKernel.PanelWidth);
                DotKernel.Multiply(Tile(firstTile + i), height, _weights, firstPanel + panel, scales, target, Prefetch(i, tileCount), _path);
            }
        }
    }

    private byte* Tile(int tile) => _tiles + (tile * _tileBytes);

    [SkipLocalsInit]
    private void MultiplyPlain<TElement>(TElement* panels, int firstTile, int tileCount, int panelCount, float* sums)
        where TElement : unmanaged
    {
        int depth = _weights.ColumnCount;
        long panelStride = (long)TileKernel.PanelWidth * depth;
        if (IsBoundByMemory)
        {
            for (int i = 0; i < tileCount; i++)
                TileKernel.Multiply((float*)Tile(firstTile + i), Shape.HeightOf(firstTile + i), panels, panelStride, TileKernel.PanelWidth, depth, panelCount, sums + SumsOf(i), accumulates: false, _path);
            return;
        }

        float* widened = stackalloc float[typeof(TElement) == typeof(float) ? 0 : PanelsAtOnce * DepthBlock * TileKernel.PanelWidth];
        for (int column = 0; column < depth; column += DepthBlock)
        {
            int length = Math.Min(DepthBlock, depth - column);
            for (int panel = 0; panel < panelCount; panel += PanelsAtOnce)
            {
                int count = Math.Min(PanelsAtOnce, panelCount - panel);
                TElement* block = panels + (panel * panelStride) + ((long)column * TileKernel.PanelWidth);
                if (typeof(TElement) == typeof(float)) MultiplyBlock((float*)block, panelStride, column, length, firstTile, tileCount, panel, count, sums);
                else MultiplyBlock(Widen((BFloat16*)block, panelStride, length, count, widened), DepthBlock * TileKernel.PanelWidth, column, length, firstTile, tileCount, panel, count, sums);
            }
        }
    }

    private void MultiplyBlock(float* block, long panelStride, int column, int length, int firstTile, int tileCount, int panel, int panelCount, float* sums)
    {
        for (int i = 0; i < tileCount; i++)
        {
            int height = Shape.HeightOf(firstTile + i);
            float* tile = (float*)Tile(firstTile + i) + ((long)column * height);
            TileKernel.Multiply(tile, height, block, panelStride, TileKernel.PanelWidth, length, panelCount, sums + SumsOf(i) + (panel * height * TileKernel.PanelWidth), accumulates: column > 0, _path);
        }
    }

    // Once for all tiles, instead of each time that a tile meets them.
    private static float* Widen(BFloat16* source, long panelStride, int length, int panelCount, float* target)
    {
        for (int panel = 0; panel < panelCount; panel++)
        {
            ushort* from = (ushort*)(source + (panel * panelStride));
            float* to = target + (panel * DepthBlock * TileKernel.PanelWidth);
            for (int i = 0; i < length * TileKernel.PanelWidth; i += TileKernel.PanelWidth)
            {
                (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Load(from + i));
                (low << 16).AsSingle().Store(to + i);
                (high << 16).AsSingle().Store(to + i + Vector256<float>.Count);
            }
        }

        return target;
    }

    private PanelPrefetch Prefetch(int tile, int tileCount) =>
        IsBoundByMemory ? PanelPrefetch.Share(_weights.ByteCount / _weights.PanelCount, tile, tileCount) : PanelPrefetch.None;
}
