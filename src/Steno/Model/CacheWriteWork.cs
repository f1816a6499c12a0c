using Steno.Kernels;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Normalises and rotates the queries and keys of a row, and stores keys and values in the row's cache; an item is a row.</summary>
internal readonly unsafe struct CacheWriteWork(TextDecoderConfig config, TextDecoderLayerWeights layer, int layerIndex, RaggedBatch batch, float* queryKeyValue, float* angles, KernelPath path) : IParallelWork
{
    public void Run(int item, int worker)
    {
        BatchRow row = batch.Rows[item];
        float* query = queryKeyValue + ((long)item * (config.QueryWidth + (2 * config.KeyWidth)));
        float* key = query + config.QueryWidth;
        float* value = key + config.KeyWidth;
        float* cosines = angles + ((long)item * config.HeadWidth);
        for (int head = 0; head < config.HeadCount; head++)
            NormalizeAndRotate(query + (head * config.HeadWidth), layer.QNorm.Pointer, cosines);

        for (int head = 0; head < config.KvHeadCount; head++)
        {
            NormalizeAndRotate(key + (head * config.HeadWidth), layer.KNorm.Pointer, cosines);
            row.Cache.Write(layerIndex, head, row.Position, key + (head * config.HeadWidth), value + (head * config.HeadWidth));
        }
    }

    private void NormalizeAndRotate(float* head, float* norm, float* cosines)
    {
        RmsNorm.Apply(head, norm, head, config.HeadWidth, config.RmsNormEpsilon, path);
        Rope.Apply(head, cosines, cosines + (config.HeadWidth / 2), config.HeadWidth);
    }
}
