using Steno.Kernels;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Causal grouped-query attention over the rows' caches; an item is one KV head of one run of rows, with the query heads that share it.</summary>
internal readonly unsafe struct CachedAttentionWork(TextDecoderConfig config, int layerIndex, RaggedBatch batch, float* queryKeyValue, float* scratch, long scratchStride, float* tiles, TileShape shape, KernelPath path) : IParallelWork
{
    public void Run(int item, int worker)
    {
        (int firstRow, int rowCount) = batch.Run(item / config.KvHeadCount);
        int kvHead = item % config.KvHeadCount;
        int headsPerKvHead = config.HeadCount / config.KvHeadCount;
        BatchRow row = batch.Rows[firstRow];
        AttentionKeys keys = row.Cache.Keys(layerIndex, kvHead);
        long stride = config.QueryWidth + (2L * config.KeyWidth);
        float* output = RowTiles.Row(tiles, firstRow, config.QueryWidth, shape);
        int tileHeight = shape.HeightOf(firstRow / shape.Height);
        int head = kvHead * headsPerKvHead;
        var queries = new AttentionQueries
        {
            Rows = queryKeyValue + (firstRow * stride) + (head * config.HeadWidth),
            HeadCount = headsPerKvHead,
            Stride = stride,
            RowCount = rowCount,
            KeyCount = row.Position + 1,
            KeyCountStep = 1,
            Scale = 1 / MathF.Sqrt(config.HeadWidth),
            Output = output + ((long)head * config.HeadWidth * tileHeight),
            OutputLaneStride = tileHeight,
            OutputRowStride = RowTiles.RowStride(config.QueryWidth, tileHeight),
        };
        if (row.Cache.Precision == CachePrecision.Float32) Attention.Run<float>(queries, keys, scratch + (worker * scratchStride), path);
        else Attention.Run<BFloat16>(queries, keys, scratch + (worker * scratchStride), path);
    }
}
