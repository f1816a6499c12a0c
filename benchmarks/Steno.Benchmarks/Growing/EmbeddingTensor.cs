namespace Steno.Benchmarks.Growing;

/// <summary>The token embedding of the larger vocabulary: a row of the small table, its features repeated, or zeros.</summary>
/// <remarks>
/// Rows are outputs, so nothing is shared out here. As the tied head the table therefore multiplies all logits by the number of copies,
/// which leaves their order as it was; the tokens that the small model lacks have the logit 0.
/// </remarks>
internal sealed class EmbeddingTensor(string name, float[] source, int sourceWidth, int[] sourceRowOfToken, int width) : TensorRecipe(name, sourceRowOfToken.Length, width)
{
    public override void FillRow(int row, Span<float> destination)
    {
        int sourceRow = sourceRowOfToken[row];
        if (sourceRow < 0)
        {
            destination.Clear();
            return;
        }

        ReadOnlySpan<float> sourceValues = source.AsSpan(sourceRow * sourceWidth, sourceWidth);
        for (int first = 0; first < destination.Length; first += sourceWidth) sourceValues.CopyTo(destination[first..]);
    }
}
