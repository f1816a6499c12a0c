namespace Steno.Comparison;

/// <summary>How far two models lie apart, with A as the measure.</summary>
/// <param name="A">What A is and what it takes.</param>
/// <param name="B">What B is and what it takes.</param>
/// <param name="AudioSeconds">Length of all recordings.</param>
/// <param name="Taps">Differences of activations, from the first to the last; those that only one model has, or in another width, are left out.</param>
/// <param name="Logits">Differences of what the models predict.</param>
/// <param name="Texts">What each model writes, decoding on its own.</param>
internal sealed record WeightComparison(
    ModelCost A, ModelCost B, double AudioSeconds, IReadOnlyList<TapDifference> Taps, LogitDifference Logits, IReadOnlyList<TextDifference> Texts);
