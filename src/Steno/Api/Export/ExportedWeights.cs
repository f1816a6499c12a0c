namespace Steno;

/// <summary>The tensors that an export stored in one number format.</summary>
/// <param name="Type">The number format, by GGML's name, such as <c>Q8_0</c>.</param>
/// <param name="InsteadOf">The format that was asked for, where rows are no whole number of its blocks; null where it is the same.</param>
/// <param name="TensorCount">How many tensors.</param>
/// <param name="SizeBytes">Bytes of all of them.</param>
public sealed record ExportedWeights(string Type, string? InsteadOf, int TensorCount, long SizeBytes);
