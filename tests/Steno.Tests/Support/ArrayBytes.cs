using Steno.Tensors;

namespace Steno.Tests.Support;

/// <summary>The bytes of a file that exists in memory alone; a read outside them fails.</summary>
internal sealed class ArrayBytes(byte[] bytes) : ITensorBytes
{
    public void Read(long offset, Span<byte> destination) => bytes.AsSpan(checked((int)offset), destination.Length).CopyTo(destination);
}
