namespace Steno;

/// <summary>All that the files of a model store in one number format.</summary>
/// <param name="Type">Name of the format, such as <c>Q8_0</c> or <c>BF16</c>.</param>
/// <param name="TensorCount">How many tensors.</param>
/// <param name="WeightCount">How many weights in them.</param>
/// <param name="SizeBytes">Bytes that they take.</param>
public sealed record StoredWeights(string Type, int TensorCount, long WeightCount, long SizeBytes);
