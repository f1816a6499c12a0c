using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using Steno.Files;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Packing;

/// <summary>The bytes of a packed file in memory that nobody writes: mapped, and so shared by all processes that use the file, or read into memory of this process.</summary>
/// <remarks>
/// A mapping costs a fifth of what reading costs, and its pages are read as fast afterwards. But a process dies when it touches a page of a mapping whose
/// file was cut short, and computes with what others write into the file. So a file is mapped only where <see cref="FileTrust"/> says that nobody but this user
/// could do that; Steno itself replaces such files and never writes into one.
/// </remarks>
internal sealed unsafe class PackedMemory : IDisposable
{
    private const long ChunkBytes = 4 << 20;

    private readonly MemoryMappedFile? _mapping;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly AlignedBuffer<byte>? _buffer;

    private PackedMemory(MemoryMappedFile mapping, MemoryMappedViewAccessor view)
    {
        _mapping = mapping;
        _view = view;
        byte* first = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        Pointer = first;
    }

    private PackedMemory(AlignedBuffer<byte> buffer)
    {
        _buffer = buffer;
        Pointer = buffer.Pointer;
    }

    /// <summary>The first byte of the file.</summary>
    public byte* Pointer { get; }

    /// <summary>True for a mapping.</summary>
    public bool IsMapped => _mapping is not null;

    /// <summary>Maps a file, and has the system enter its pages into the tables of this process: they are all needed soon.</summary>
    /// <param name="stream">The open file, which the mapping keeps open.</param>
    /// <param name="pool">The threads that do it.</param>
    /// <exception cref="IOException">The system does not map it.</exception>
    public static PackedMemory Map(FileStream stream, WorkerPool pool)
    {
        long length = stream.Length;
        MemoryMappedFile mapping = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        try
        {
            MemoryMappedViewAccessor view = mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            var memory = new PackedMemory(mapping, view);
            byte* first = memory.Pointer;
            int count = Math.Min(pool.ThreadCount, (int)(length / ChunkBytes) + 1);
            pool.Run(new ParallelAction(item => MemoryAdvice.Populate(first, length, item, count)), count, CancellationToken.None);
            return memory;
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="handle">The open file.</param>
    /// <param name="length">Its length.</param>
    /// <param name="pool">The threads that read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">It cannot be read, or has become shorter.</exception>
    public static PackedMemory Read(SafeFileHandle handle, long length, WorkerPool pool, CancellationToken cancellationToken)
    {
        var buffer = new AlignedBuffer<byte>(length, isZeroed: false);
        try
        {
            byte* first = buffer.Pointer;
            pool.Run(new ParallelAction(item => ReadChunk(handle, first, item * ChunkBytes, length)), (int)((length + ChunkBytes - 1) / ChunkBytes), cancellationToken);
            return new PackedMemory(buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Checksum of a matrix or vector as it is.</summary>
    public ulong ChecksumOf(PackedEntry entry) => new ReadOnlyBytes(Pointer + entry.Offset, entry.ByteCount).Checksum();

    /// <summary>The bytes of a table.</summary>
    public ReadOnlySpan<byte> BytesOf(PackedTable table) => new(Pointer + table.Offset, checked((int)table.ByteCount));

    public void Dispose()
    {
        _buffer?.Dispose();
        if (_view is null) return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapping!.Dispose();
    }

    private static void ReadChunk(SafeFileHandle handle, byte* first, long start, long length)
    {
        long end = Math.Min(start + ChunkBytes, length);
        for (long done = start; done < end;)
        {
            int count = RandomAccess.Read(handle, new Span<byte>(first + done, (int)(end - done)), done);
            if (count == 0) throw new IOException("the file became shorter while it was read");
            done += count;
        }
    }
}
