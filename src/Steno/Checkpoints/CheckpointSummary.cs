namespace Steno.Checkpoints;

/// <summary>What the files of a model are, told without reading weights: of models that Steno does not run, too.</summary>
/// <param name="Family">The program or layout that the files are of.</param>
/// <param name="Kind">What the model does.</param>
/// <param name="Origin">Where it comes from, by what the files say; null where they do not.</param>
/// <param name="Types">Its number formats, the one with most weights first.</param>
/// <param name="Files">Full paths of the files that hold the weights.</param>
internal sealed record CheckpointSummary(string Family, ModelKind Kind, string? Origin, IReadOnlyList<StoredType> Types, IReadOnlyList<string> Files);
