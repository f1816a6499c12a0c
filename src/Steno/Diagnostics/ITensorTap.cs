namespace Steno.Diagnostics;

/// <summary>Sees the activations of a model as they are computed, to compare them with a reference.</summary>
/// <remarks>
/// Names: <c>mel</c> [F, mel bins], <c>stem</c> [N, D], <c>encoder.{i}</c> [N, D], <c>audio</c> [N, H], <c>decoder.{i}</c> [S, H],
/// <c>norm</c> [S, H], <c>logits</c> [rows, V].
/// </remarks>
internal interface ITensorTap
{
    /// <summary>Called with each block of finished rows, in order; what is written into them is what the next stage reads.</summary>
    /// <param name="name">Which activation.</param>
    /// <param name="firstRow">Index of the first row of this block, counted from the start of the clip or of the forward pass.</param>
    /// <param name="rows">[rows, width] row-major.</param>
    void OnRows(string name, long firstRow, Span<float> rows);
}
