using System.Buffers;

namespace Steno.Tensors;

/// <summary>Bytes of a <see cref="RawTensor"/> that are in memory until this is disposed; they keep the places that they have in the tensor.</summary>
internal sealed class LoadedBytes(long start, int count) : IDisposable
{
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(Math.Max(count, 1));

    /// <summary>All of them.</summary>
    public Span<byte> All => _array.AsSpan(0, count);

    /// <summary>Some of them.</summary>
    /// <param name="first">The first one, counted from that of the tensor.</param>
    /// <param name="length">How many.</param>
    public ReadOnlySpan<byte> Slice(long first, int length) => All.Slice(checked((int)(first - start)), length);

    public void Dispose()
    {
        if (_array is not null) ArrayPool<byte>.Shared.Return(_array);
        _array = null;
    }
}
