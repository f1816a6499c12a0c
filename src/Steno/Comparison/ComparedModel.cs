namespace Steno.Comparison;

/// <summary>A model that is compared.</summary>
/// <param name="Path">Its checkpoint directory or GGUF file.</param>
/// <param name="CompanionPath">The other file of a pair; null to look for it beside the first.</param>
/// <param name="Weights">How its weights are held in memory.</param>
internal sealed record ComparedModel(string Path, string? CompanionPath, WeightPrecision Weights);
