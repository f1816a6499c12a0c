using System.Runtime.InteropServices;

namespace Steno.Tests.Kernels;

/// <summary>Memory that ends at a page nobody may touch: an access one element past the end kills the test run instead of passing unseen.</summary>
internal sealed unsafe class GuardedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nint _mapping;
    private readonly nuint _mappedBytes;

    /// <summary>Allocates zeroed elements whose end is the end of a page. Unguarded where the system is not Linux.</summary>
    public GuardedBuffer(int length)
    {
        Length = length;
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        if (!OperatingSystem.IsLinux())
        {
            Pointer = (T*)NativeMemory.AllocZeroed(bytes + 1);
            return;
        }

        nuint page = (nuint)Environment.SystemPageSize;
        _mappedBytes = ((bytes + page - 1) / page * page) + page;
        _mapping = PageProtection.Map(0, _mappedBytes, ReadWrite, PrivateAnonymous, -1, 0);
        if (_mapping == -1) throw new InvalidOperationException("mmap failed.");
        nint guard = _mapping + (nint)(_mappedBytes - page);
        if (PageProtection.Protect(guard, page, 0) != 0) throw new InvalidOperationException("mprotect failed.");
        Pointer = (T*)(guard - (nint)bytes);
    }

    public T* Pointer { get; }

    public int Length { get; }

    public Span<T> Span => new(Pointer, Length);

    /// <summary>Normally distributed values.</summary>
    public static GuardedBuffer<float> Random(int length, int seed, float scale = 1)
    {
        var buffer = new GuardedBuffer<float>(length);
        var random = new Random(seed);
        foreach (ref float value in buffer.Span)
            value = scale * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return buffer;
    }

    public void Dispose()
    {
        if (_mapping != 0) _ = PageProtection.Unmap(_mapping, _mappedBytes);
        else NativeMemory.Free(Pointer);
    }
}
