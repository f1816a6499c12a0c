namespace Steno.Model;

/// <summary>The buffers of <see cref="ActivationBuffers"/>, by what they hold.</summary>
internal enum ActivationSlot
{
    /// <summary>Residual stream, [rows, D].</summary>
    Hidden,

    /// <summary>Normalised rows, and the output of attention, [rows, D or heads * headWidth].</summary>
    Normed,

    /// <summary>Queries, keys and values side by side, [rows, q + k + v].</summary>
    QueryKeyValue,

    /// <summary>Inner rows of the MLP, [rows, F or 2F].</summary>
    FeedForward,

    /// <summary>Attention scores, one stretch for each worker.</summary>
    Scores,

    /// <summary>Cosines and sines of the rows' positions, [rows, headWidth].</summary>
    RotaryAngles,

    /// <summary>Images before and after the convolutions, and the patches of each worker.</summary>
    ConvInput,
    ConvOutput,
    ConvPatches,

    /// <summary>Logits, [rows, V].</summary>
    Logits,
}
