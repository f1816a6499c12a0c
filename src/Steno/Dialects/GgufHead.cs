using Steno.Checkpoints;
using Steno.Tensors;

namespace Steno.Dialects;

/// <summary>The output head of a GGUF file: most files store a tied one a second time.</summary>
internal static unsafe class GgufHead
{
    private const int ChunkBytes = 1 << 24;

    /// <summary>Whether the head is the embedding table: absent, or the same bytes.</summary>
    public static bool IsTied(GgufWeights weights)
    {
        if (!weights.TryGetTensor(ModelTensors.LmHead, out TensorView head)) return true;
        TensorView embedding = weights.Require(ModelTensors.EmbedTokens);
        if (head.DType != embedding.DType || head.ByteCount != embedding.ByteCount) return false;
        for (long start = 0; start < head.ByteCount; start += ChunkBytes)
        {
            int length = (int)Math.Min(ChunkBytes, head.ByteCount - start);
            if (!new ReadOnlySpan<byte>(head.Data + start, length).SequenceEqual(new ReadOnlySpan<byte>(embedding.Data + start, length))) return false;
        }

        weights.Release(head);
        return true;
    }
}
