using Steno.Tensors;

namespace Steno.Formats.Gguf;

/// <summary>The tensors and the metadata of one GGUF file, mapped read-only into memory.</summary>
/// <remarks>
/// The file must not be cut short while it is mapped: reading a page that no longer exists ends the process.
/// Not safe for use while another thread disposes it; otherwise safe for any number of threads.
/// </remarks>
internal sealed unsafe class GgufFile : IWeightSource
{
    private readonly MappedFile _file;
    private readonly GgufHeader _header;

    private GgufFile(string path, MappedFile file)
    {
        Location = path;
        _file = file;
        _header = GgufHeader.Read(file.Head(GgufHeader.MaxBytes), file.Length, path);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>What the header says of the tensors, by name.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors => _header.Tensors;

    /// <summary>The metadata; valid until the file is disposed.</summary>
    public GgufMetadata Metadata => new(_header.Values, _file.Head(GgufHeader.MaxBytes), Location);

    /// <summary>Maps a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">The file is not a GGUF file, is cut short, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static GgufFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path, "a GGUF file");
        try
        {
            return new GgufFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file begins as GGUF files do.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool HasMagic(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("GGUF"u8);
    }

    /// <inheritdoc cref="GgufLayout.RequireContiguous"/>
    public void RequireContiguous() =>
        new GgufLayout(Location, _header.DataOffset, _file.Length, _header.Alignment).RequireContiguous(_header.Tensors.Values);

    /// <inheritdoc/>
    /// <exception cref="ModelFormatException">The tensor is stored in a number format that Steno does not compute with.</exception>
    public bool TryGetTensor(string name, out TensorView tensor)
    {
        byte* data = _file.Start + _header.DataOffset;
        bool isFound = _header.Tensors.TryGetValue(name, out GgufTensor? entry);
        tensor = isFound ? entry!.ToView(data, _header.DataOffset, Location) : default;
        return isFound;
    }

    /// <inheritdoc/>
    public void Release(in TensorView tensor) => MappedFile.Release(tensor);

    public void Dispose() => _file.Dispose();
}
