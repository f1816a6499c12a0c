namespace Steno.Comparison;

/// <summary>How far the predictions of B lie from those of A, both given A's tokens so far.</summary>
/// <param name="RowCount">Predictions.</param>
/// <param name="SameChoiceCount">Predictions in which both think the same token most likely.</param>
/// <param name="MeanDivergence">Mean over the predictions of Σ p ln(p / q), with p of A and q of B: the Kullback-Leibler divergence in nats.</param>
/// <param name="MaxDivergence">The largest.</param>
internal sealed record LogitDifference(long RowCount, long SameChoiceCount, double MeanDivergence, double MaxDivergence);
