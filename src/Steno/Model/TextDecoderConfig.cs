namespace Steno.Model;

/// <summary>Dimensions of the language model (text_config).</summary>
internal sealed record TextDecoderConfig
{
    public required int VocabularySize { get; init; }

    /// <summary>Width D of the residual stream (hidden_size).</summary>
    public required int Width { get; init; }

    /// <summary>Inner width F of the MLP (intermediate_size).</summary>
    public required int FeedForwardWidth { get; init; }

    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    public required int KvHeadCount { get; init; }

    public required int HeadWidth { get; init; }

    /// <summary>Epsilon of every RMSNorm (rms_norm_eps).</summary>
    public required float RmsNormEpsilon { get; init; }

    public required double RopeTheta { get; init; }

    public required int MaxPositionCount { get; init; }

    /// <summary>True when the output head is the embedding table (tie_word_embeddings).</summary>
    public required bool HasTiedHead { get; init; }

    /// <summary>Width of all query heads together.</summary>
    public int QueryWidth => HeadCount * HeadWidth;

    /// <summary>Width of all key heads together, and of all value heads.</summary>
    public int KeyWidth => KvHeadCount * HeadWidth;

    /// <summary>Weights of all matrices, the head once.</summary>
    public long MatrixWeightCount => Width * ((LayerCount * ((2L * QueryWidth) + (2L * KeyWidth) + (3L * FeedForwardWidth))) + VocabularySize);
}
