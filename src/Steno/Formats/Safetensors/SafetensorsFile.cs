using Steno.Tensors;

namespace Steno.Formats.Safetensors;

/// <summary>The tensors of one safetensors file, read where they are needed.</summary>
/// <remarks>Not safe for use while another thread disposes it; otherwise safe for any number of threads.</remarks>
internal sealed class SafetensorsFile : ISafetensors
{
    private readonly ModelFile _file;
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(string path, ModelFile file)
    {
        Location = path;
        _file = file;
        _header = SafetensorsHeader.Read(file.Head(SafetensorsHeader.BytesOf(file.Head(SafetensorsHeader.PrefixBytes))), file.Length, path);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>What the header says, by tensor name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors => _header.Tensors;

    /// <summary>What the writer of the file noted, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <inheritdoc/>
    public IEnumerable<string> Names => _header.Tensors.Keys;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">The file is not a safetensors file, is cut short, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        ModelFile file = ModelFile.Open(path, "a safetensors file");
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
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        bool isFound = _header.Tensors.TryGetValue(name, out SafetensorsTensor? entry);
        tensor = isFound ? entry!.ToView(_file, _header.DataOffset, Location) : default;
        return isFound;
    }

    /// <inheritdoc/>
    public RawTensor? FindRaw(string name)
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        if (!_header.Tensors.TryGetValue(name, out SafetensorsTensor? entry)) return null;
        return new RawTensor(name, Location, entry.DTypeName, entry.Shape, _file, _header.DataOffset + entry.Begin, entry.End - entry.Begin);
    }

    public void Dispose() => _file.Dispose();
}
