using System.IO.MemoryMappedFiles;
using Steno.Tensors;

namespace Steno.Formats.Safetensors;

/// <summary>The tensors of one safetensors file, mapped read-only into memory.</summary>
/// <remarks>
/// The file must not be cut short while it is mapped: reading a page that no longer exists ends the process.
/// Not safe for use while another thread disposes it; otherwise safe for any number of threads.
/// </remarks>
internal sealed unsafe class SafetensorsFile : IWeightSource
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafetensorsHeader _header;
    private byte* _start;

    private SafetensorsFile(string path, MemoryMappedFile map, long length)
    {
        Location = path;
        _view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        try
        {
            byte* view = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref view);
            _start = view + _view.PointerOffset;
            _header = SafetensorsHeader.Read(
                new ReadOnlySpan<byte>(_start, (int)Math.Min(length, SafetensorsHeader.MaxBytes)), length, path);
        }
        catch
        {
            Unmap();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>What the header says, by tensor name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _header.Tensors;

    /// <summary>What the writer of the file noted, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Maps a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">The file is not a safetensors file, is cut short, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (!stream.CanSeek) throw new ModelFormatException("this is not a regular file", path, expected: "a safetensors file");
        long length = stream.Length;
        if (length == 0) throw new ModelFormatException("the file is empty", path, expected: "a safetensors file");

        // The view outlives both the stream and the map that it is made from.
        using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new SafetensorsFile(path, map, length);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The tensor is stored in a number format that Steno does not compute with.</exception>
    public bool TryGetTensor(string name, out TensorView tensor)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        bool isFound = _header.Tensors.TryGetValue(name, out SafetensorsTensor? entry);
        tensor = isFound ? entry!.ToView(_start + _header.DataOffset, _header.DataOffset, Location) : default;
        return isFound;
    }

    /// <inheritdoc/>
    public void Release(in TensorView tensor) => MemoryAdvice.ReleaseMappedPages(tensor.Data, (nuint)tensor.ByteCount);

    public void Dispose()
    {
        if (_start is not null) Unmap();
    }

    private void Unmap()
    {
        if (_start is not null) _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _start = null;
        _view.Dispose();
    }
}
