using Steno.Kernels;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Causal grouped-query attention over the rows' caches; an item is one KV head of one row, with the query heads that share it.</summary>
internal readonly unsafe struct CachedAttentionWork(TextDecoderConfig config, int layerIndex, RaggedBatch batch, float* queryKeyValue, float* scores, int scoresStride, float* output, KernelPath path) : IParallelWork
{
    public void Run(int item, int worker)
    {
        int rowIndex = item / config.KvHeadCount;
        int kvHead = item % config.KvHeadCount;
        int headsPerKvHead = config.HeadCount / config.KvHeadCount;
        BatchRow row = batch.Rows[rowIndex];
        AttentionKeys keys = row.Cache.Keys(layerIndex, kvHead, row.Position + 1);
        float scale = 1 / MathF.Sqrt(config.HeadWidth);
        float* workerScores = scores + ((long)worker * scoresStride);
        for (int head = kvHead * headsPerKvHead; head < (kvHead + 1) * headsPerKvHead; head++)
        {
            float* query = queryKeyValue + ((long)rowIndex * (config.QueryWidth + (2 * config.KeyWidth))) + (head * config.HeadWidth);
            float* target = output + ((long)rowIndex * config.QueryWidth) + (head * config.HeadWidth);
            if (row.Cache.Precision == CachePrecision.Float32) Attention.Run<float>(query, keys, scale, workerScores, target, path);
            else Attention.Run<BFloat16>(query, keys, scale, workerScores, target, path);
        }
    }
}
