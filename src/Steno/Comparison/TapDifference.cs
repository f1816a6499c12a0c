namespace Steno.Comparison;

/// <summary>How far an activation of B lies from that of A, over all recordings.</summary>
/// <param name="Name">Its name, as <see cref="Diagnostics.ITensorTap"/> lists them.</param>
/// <param name="RowCount">Rows that were compared.</param>
/// <param name="RelativeError">Root mean square of the difference over that of A.</param>
/// <param name="Cosine">Cosine of the angle between A and B, all rows as one vector.</param>
/// <param name="WorstRowCosine">Smallest cosine of a row.</param>
internal sealed record TapDifference(string Name, long RowCount, double RelativeError, double Cosine, double WorstRowCosine);
