using System.Buffers;
using System.Runtime.InteropServices;

namespace Steno.Tensors;

/// <summary>Memory that does not move, lent by the array pool: each thread has its own at hand.</summary>
internal readonly unsafe struct ReadBuffer : IDisposable
{
    private readonly byte[]? _array;
    private readonly int _length;
    private readonly GCHandle _pin;

    public ReadBuffer(int length)
    {
        _array = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        _length = length;
        _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
    }

    public Span<byte> Bytes => _array.AsSpan(0, _length);

    /// <summary>First byte.</summary>
    public byte* Pointer => (byte*)_pin.AddrOfPinnedObject();

    public void Dispose()
    {
        if (_array is null) return;
        _pin.Free();
        ArrayPool<byte>.Shared.Return(_array);
    }
}
