using Steno.Tensors;

namespace Steno.Formats.Safetensors;

/// <summary>The tensors of one safetensors file, mapped read-only into memory.</summary>
/// <remarks>
/// The file must not be cut short while it is mapped: reading a page that no longer exists ends the process.
/// Not safe for use while another thread disposes it; otherwise safe for any number of threads.
/// </remarks>
internal sealed unsafe class SafetensorsFile : ISafetensors
{
    private readonly MappedFile _file;
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(string path, MappedFile file)
    {
        Location = path;
        _file = file;
        _header = SafetensorsHeader.Read(file.Head(SafetensorsHeader.MaxBytes), file.Length, path);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>What the header says, by tensor name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _header.Tensors;

    /// <summary>What the writer of the file noted, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _header.Tensors.Keys;

    /// <summary>Maps a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">The file is not a safetensors file, is cut short, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path, "a safetensors file");
        try
        {
            return new SafetensorsFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The tensor is stored in a number format that Steno does not compute with.</exception>
    public bool TryGetTensor(string name, out TensorView tensor)
    {
        byte* data = _file.Start + _header.DataOffset;
        bool isFound = _header.Tensors.TryGetValue(name, out SafetensorsTensor? entry);
        tensor = isFound ? entry!.ToView(data, _header.DataOffset, Location) : default;
        return isFound;
    }

    /// <inheritdoc/>
    public RawTensor? FindRaw(string name)
    {
        byte* data = _file.Start + _header.DataOffset;
        if (!_header.Tensors.TryGetValue(name, out SafetensorsTensor? entry)) return null;
        return new RawTensor(name, Location, entry.DTypeName, entry.Shape, (nint)(data + entry.Begin), entry.End - entry.Begin, _header.DataOffset + entry.Begin);
    }

    /// <inheritdoc/>
    public void Release(in TensorView tensor) => MappedFile.Release(tensor);

    public void Dispose() => _file.Dispose();
}
