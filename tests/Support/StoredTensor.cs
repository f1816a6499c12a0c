namespace Steno.Tests.Support;

/// <summary>A tensor as a file holds it: <paramref name="DType"/> is F32, F16, BF16 and so on.</summary>
internal sealed record StoredTensor(string Name, string DType, long[] Shape, byte[] Data);
