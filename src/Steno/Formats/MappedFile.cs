using System.IO.MemoryMappedFiles;
using Steno.Tensors;

namespace Steno.Formats;

/// <summary>A file mapped read-only into memory.</summary>
/// <remarks>
/// The file must not be cut short while it is mapped: reading a page that no longer exists ends the process.
/// Not safe for use while another thread disposes it; otherwise safe for any number of threads.
/// </remarks>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    private MappedFile(MemoryMappedFile map, long length)
    {
        Length = length;
        _view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* view = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref view);
        _start = view + _view.PointerOffset;
    }

    public long Length { get; }

    /// <summary>The first byte.</summary>
    public byte* Start
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return _start;
        }
    }

    /// <summary>Maps a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What the file should be, for messages.</param>
    /// <exception cref="ModelFormatException">The file is empty or no regular file.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static MappedFile Open(string path, string expected)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (!stream.CanSeek) throw new ModelFormatException("this is not a regular file", path, expected: expected);
        long length = stream.Length;
        if (length == 0) throw new ModelFormatException("the file is empty", path, expected: expected);

        // The view outlives both the stream and the map that it is made from.
        using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new MappedFile(map, length);
    }

    /// <summary>The first bytes of the file.</summary>
    /// <param name="maxLength">No more than these.</param>
    public ReadOnlySpan<byte> Head(int maxLength) => new(Start, (int)Math.Min(Length, maxLength));

    /// <summary>Says that a part of the file will not be read again soon.</summary>
    public static void Release(in TensorView tensor)
    {
        if (tensor.Derived is { } derived) derived.Release();
        else MemoryAdvice.ReleaseMappedPages(tensor.Data, (nuint)tensor.ByteCount);
    }

    public void Dispose()
    {
        if (_start is null) return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }
}
