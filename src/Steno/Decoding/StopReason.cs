namespace Steno.Decoding;

/// <summary>Why generation ended.</summary>
internal enum StopReason
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The model chose a stop token: the text is whole.</summary>
    StopToken,

    /// <summary>The token limit was reached, or the model's last position: the text is incomplete.</summary>
    TokenLimit,

    /// <summary>The last tokens were one and the same piece again and again: the text is of no use from there on.</summary>
    Repetition,
}
