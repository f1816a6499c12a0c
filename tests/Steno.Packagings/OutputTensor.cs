namespace Steno.Packagings;

/// <summary>A tensor as a safetensors file holds it.</summary>
internal sealed record OutputTensor(string Name, string DType, long[] Shape, byte[] Data);
