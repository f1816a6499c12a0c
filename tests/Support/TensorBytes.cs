namespace Steno.Tests.Support;

/// <summary>The bytes of a tensor in a file to be written, computed when it is their turn.</summary>
/// <param name="Count">How many they are.</param>
/// <param name="Read">Computes them.</param>
internal sealed record TensorBytes(long Count, Func<byte[]> Read)
{
    public TensorBytes(byte[] data)
        : this(data.Length, () => data)
    {
    }
}
