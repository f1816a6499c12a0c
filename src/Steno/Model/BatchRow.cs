namespace Steno.Model;

/// <summary>One row of a <see cref="RaggedBatch"/>.</summary>
internal readonly unsafe struct BatchRow(KvCache cache, int position, int tokenId, float* embedding)
{
    public KvCache Cache { get; } = cache;

    /// <summary>Position in the sequence.</summary>
    public int Position { get; } = position;

    /// <summary>Token whose embedding the row is; without meaning when <see cref="Embedding"/> is given.</summary>
    public int TokenId { get; } = tokenId;

    /// <summary>[D], or null for a token.</summary>
    public float* Embedding { get; } = embedding;
}
