namespace Steno.Model;

/// <summary>The buffers of <see cref="ActivationBuffers"/>, by what they hold.</summary>
internal enum ActivationSlot
{
    /// <summary>Residual stream, [rows, D].</summary>
    Hidden,

    /// <summary>Normalised rows, and the output of attention, as tiles of [rows, D or heads * headWidth].</summary>
    Normed,

    /// <summary>Queries, keys and values side by side, [rows, q + k + v].</summary>
    QueryKeyValue,

    /// <summary>Inner rows of the MLP, as tiles of [rows, F].</summary>
    FeedForward,

    /// <summary>Keys, scores and weights of the attention that each worker is at.</summary>
    AttentionScratch,

    /// <summary>Rows as a product with a quantised matrix reads them.</summary>
    QuantizedRows,

    /// <summary>Rows that each worker is about to bring into a tile, [workers, 8, width].</summary>
    RowScratch,

    /// <summary>Time steps of the stem as tiles of [rows, frequencies * channels].</summary>
    StemTiles,

    /// <summary>Rows that leave the audio tower, [rows, H].</summary>
    AudioRows,

    /// <summary>Cosines and sines of the rows' positions, [rows, headWidth].</summary>
    RotaryAngles,

    /// <summary>Images before and after the convolutions, and the patches of each worker.</summary>
    ConvInput,
    ConvOutput,
    ConvPatches,

    /// <summary>Largest logit of each panel of the head, [rows, panels], and as many sums.</summary>
    PanelMaxima,

    /// <summary>Logits, [rows, V]: only where somebody looks at them.</summary>
    Logits,
}
