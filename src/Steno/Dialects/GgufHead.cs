using Steno.Checkpoints;
using Steno.Tensors;

namespace Steno.Dialects;

/// <summary>The output head of a GGUF file: most files store a tied one a second time.</summary>
internal static unsafe class GgufHead
{
    private const int ChunkElements = 1 << 17;

    /// <summary>Whether the head is the embedding table: absent, or the same bytes.</summary>
    public static bool IsTied(GgufWeights weights)
    {
        if (!weights.TryGetTensor(ModelTensors.LmHead, out TensorView head)) return true;
        TensorView embedding = weights.Require(ModelTensors.EmbedTokens);
        if (head.DType != embedding.DType || head.ByteCount != embedding.ByteCount) return false;
        for (long first = 0; first < head.ElementCount; first += ChunkElements)
        {
            if (!AreEqual(head, embedding, first, Math.Min(ChunkElements, head.ElementCount - first))) return false;
        }

        return true;
    }

    private static bool AreEqual(in TensorView one, in TensorView other, long first, long count)
    {
        int byteCount = (int)DTypeInfo.Of(one.DType).BytesOf(count);
        using LoadedElements left = one.Load(first, count);
        using LoadedElements right = other.Load(first, count);
        return new ReadOnlySpan<byte>(left.Tensor.At(first), byteCount).SequenceEqual(new ReadOnlySpan<byte>(right.Tensor.At(first), byteCount));
    }
}
