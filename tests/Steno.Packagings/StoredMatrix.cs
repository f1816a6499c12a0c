namespace Steno.Packagings;

/// <summary>A matrix in some packaging: its tensors, and the numbers that they stand for.</summary>
internal sealed record StoredMatrix(IReadOnlyList<OutputTensor> Tensors, float[] Values);
