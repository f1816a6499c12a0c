using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Steno.Tensors;

/// <summary>Owner of native memory on a 64-byte boundary, so that a vector load never splits a cache line at the start of a row.</summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int AlignmentBytes = 64;

    /// <summary>Allocates <paramref name="length"/> elements.</summary>
    /// <param name="length">Number of elements.</param>
    /// <param name="isZeroed">False to leave the content undefined, where every element is written before it is read.</param>
    /// <exception cref="OutOfMemoryException">The system has not that much memory.</exception>
    public AlignedBuffer(long length, bool isZeroed = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = checked((nuint)length * (nuint)sizeof(T));
        bool isHuge = bytes >= MemoryAdvice.HugePageBytes;
        nuint alignment = isHuge ? MemoryAdvice.HugePageBytes : (nuint)AlignmentBytes;
        Pointer = (T*)NativeMemory.AlignedAlloc(Math.Max(bytes, AlignmentBytes), alignment);
        if (isHuge) MemoryAdvice.UseHugePages(Pointer, bytes);
        if (isZeroed) NativeMemory.Clear(Pointer, bytes);
        if (bytes > 0) GC.AddMemoryPressure((long)bytes);
    }

    ~AlignedBuffer() => Release();

    /// <summary>First element; null once disposed.</summary>
    public T* Pointer { get; private set; }

    public long Length { get; }

    public long ByteCount => Length * Unsafe.SizeOf<T>();

    /// <summary>The elements; only for buffers of at most <see cref="int.MaxValue"/> elements.</summary>
    public Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(Pointer is null, this);
            return new Span<T>(Pointer, checked((int)Length));
        }
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Pointer is null) return;
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        if (ByteCount > 0) GC.RemoveMemoryPressure(ByteCount);
    }
}
