using Steno.Kernels;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Attention of each audio token over the tokens of its window; an item is one head of some rows of one window.</summary>
internal readonly unsafe struct WindowAttentionWork(AudioEncoderConfig config, float* queryKeyValue, WindowLayout layout, float* scratch, float* tiles, TileShape shape, KernelPath path) : IParallelWork
{
    // An item brings the window's keys and values into the layout of the kernel, which must be little beside its arithmetic; and it must
    // take well under 100 ms over 20 minutes of audio in one window.
    private const int RowsPerItem = 416;

    // Of the longest window; in shorter ones the last items are empty.
    private int ItemsPerHead => (layout.LongestRowCount + RowsPerItem - 1) / RowsPerItem;

    private int PageLength => PageLengthFor(layout.LongestRowCount);

    private long PageElements => AttentionKeys.PageElements(config.HeadWidth, PageLength);

    public int ItemCount => layout.WindowCount * config.HeadCount * ItemsPerHead;

    /// <summary>Floats of scratch memory for each worker.</summary>
    public static long ScratchLength(AudioEncoderConfig config, int windowRows) =>
        AttentionKeys.PageElements(config.HeadWidth, PageLengthFor(windowRows)) + Attention.ScratchLength(config.HeadWidth, PageLengthFor(windowRows), headCount: 1);

    public void Run(int item, int worker)
    {
        int headOffset = item / ItemsPerHead % config.HeadCount * config.HeadWidth;
        int window = item / ItemsPerHead / config.HeadCount;
        int firstKey = layout.FirstRow(window);
        int endKey = firstKey + layout.RowCountOf(window);
        int row = firstKey + (item % ItemsPerHead * RowsPerItem);
        int endRow = Math.Min(endKey, row + RowsPerItem);
        if (row >= endRow) return;
        int height = TileShape.OfPlainRows(layout.RowCount).Height;
        long stride = 3L * config.Width;
        float* memory = scratch + (worker * ScratchLength(config, layout.LongestRowCount));
        AttentionKeys keys = Gather(queryKeyValue + (firstKey * stride) + headOffset, stride, endKey - firstKey, memory, (void**)&memory);
        while (row < endRow)
        {
            int count = Math.Min(endRow, ((row / height) + 1) * height) - row;
            int tileHeight = shape.HeightOf(row / shape.Height);
            var queries = new AttentionQueries
            {
                Rows = queryKeyValue + (row * stride) + headOffset,
                HeadCount = 1,
                Stride = stride,
                RowCount = count,
                KeyCount = endKey - firstKey,
                KeyCountStep = 0,
                Scale = 1 / MathF.Sqrt(config.HeadWidth),
                Output = RowTiles.Row(tiles, row, config.Width, shape) + ((long)headOffset * tileHeight),
                OutputLaneStride = tileHeight,
                OutputRowStride = RowTiles.RowStride(config.Width, tileHeight),
            };
            Attention.Run<float>(queries, keys, memory + PageElements, path);
            row += count;
        }
    }

    private static int PageLengthFor(int windowRows) => (windowRows + TileKernel.PanelWidth - 1) / TileKernel.PanelWidth * TileKernel.PanelWidth;

    // Queries, keys and values of a token lie side by side; one head's keys and values become a page.
    private AttentionKeys Gather(float* queries, long stride, int count, float* page, void** pages)
    {
        var keys = new AttentionKeys
        {
            Pages = pages,
            PageLength = PageLength,
            KeyOffset = 0,
            ValueOffset = (long)PageLength * config.HeadWidth,
            HeadWidth = config.HeadWidth,
        };
        for (int position = 0; position < count; position++)
        {
            float* key = queries + (position * stride) + config.Width;
            float* value = key + config.Width;
            float* keyLanes = AttentionKeys.KeyLane(page, position, config.HeadWidth);
            for (int i = 0; i < config.HeadWidth; i++) keyLanes[i * TileKernel.PanelWidth] = key[i];
            new ReadOnlySpan<float>(value, config.HeadWidth).CopyTo(new Span<float>(page + keys.ValueOffset + ((long)position * keys.ValueStride), config.HeadWidth));
        }

        return keys;
    }
}
