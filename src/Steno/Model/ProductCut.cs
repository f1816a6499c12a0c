using Steno.Kernels;

namespace Steno.Model;

/// <summary>How a product is cut into items of work: by the shapes of its factors alone, so that the cut is the same for any number of threads.</summary>
/// <remarks>An item is some panels of the matrix, for all tiles of rows or for some of them. The items with the same tiles follow each other in the order of their panels.</remarks>
internal readonly record struct ProductCut
{
    // Few rows are bound by reading the weights. A worker takes one item after the other in ascending order (WorkerPool), so that an item need not be a long run of
    // memory by itself: short ones leave less for the last worker to wait for.
    private const int BytesPerItem = 1 << 16;

    // Up to 192 rows pass over some panels before the next ones are read from memory. Fewer, but at least 32, where there would else be too few items to
    // keep the threads at work to the end.
    private const int MaxTilesPerItem = 24;
    private const int MinTilesPerItem = 4;
    private const int MinItemCount = 24;

    private readonly int _tileCount;
    private readonly int _panelCount;
    private readonly int _panelsPerItem;
    private readonly int _panelItemCount;
    private readonly int _tileItemCount;

    private ProductCut(int tileCount, int panelCount, int panelsPerItem)
    {
        _tileCount = tileCount;
        _panelCount = panelCount;
        _panelsPerItem = panelsPerItem;
        _panelItemCount = (panelCount + panelsPerItem - 1) / panelsPerItem;
        int forMemory = (tileCount + MaxTilesPerItem - 1) / MaxTilesPerItem;
        int forBalance = Math.Min((MinItemCount + _panelItemCount - 1) / _panelItemCount, tileCount / MinTilesPerItem);
        _tileItemCount = Math.Max(forMemory, forBalance);
    }

    /// <summary>Number of items.</summary>
    public int ItemCount => _panelItemCount * _tileItemCount;

    /// <summary>Cuts a product.</summary>
    /// <param name="weights">The matrix.</param>
    /// <param name="shape">How its rows of activations are cut.</param>
    public static ProductCut Of(PackedMatrix weights, TileShape shape)
    {
        int passPanels = Gemm.PassPanels(weights.Format, shape);
        bool isBoundByMemory = passPanels < Gemm.MaxPassPanels;
        long passBytes = weights.ByteCount / weights.PanelCount * passPanels;
        int passesPerItem = isBoundByMemory ? (int)Math.Max(1, BytesPerItem / passBytes) : 1;
        return new ProductCut(shape.Count, weights.PanelCount, passesPerItem * passPanels);
    }

    /// <summary>Tiles of an item: the first, and how many.</summary>
    public (int First, int Count) Tiles(int item)
    {
        int index = item / _panelItemCount;
        int first = (int)((long)index * _tileCount / _tileItemCount);
        int end = (int)((index + 1L) * _tileCount / _tileItemCount);
        return (first, end - first);
    }

    /// <summary>Panels of an item: the first, and how many.</summary>
    public (int First, int Count) Panels(int item)
    {
        int first = item % _panelItemCount * _panelsPerItem;
        return (first, Math.Min(_panelsPerItem, _panelCount - first));
    }
}
