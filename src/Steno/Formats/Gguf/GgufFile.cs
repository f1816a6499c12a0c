using Steno.Tensors;

namespace Steno.Formats.Gguf;

/// <summary>The tensors and the metadata of one GGUF file, read where they are needed.</summary>
/// <remarks>Not safe for use while another thread disposes it; otherwise safe for any number of threads.</remarks>
internal sealed class GgufFile : IWeightSource
{
    // The header of a published file is about as long as its vocabulary and merges; that of a small model far shorter.
    private const int FirstHeadBytes = 1 << 20;

    private readonly ModelFile _file;
    private readonly GgufHeader _header;
    private byte[] _head;

    private GgufFile(string path, ModelFile file)
    {
        Location = path;
        _file = file;
        _head = file.Head(FirstHeadBytes);
        _header = GgufHeader.Read(_head, file.Length, path, Lengthen);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>What the header says of the tensors, by name.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors => _header.Tensors;

    /// <summary>Bytes after the last tensor and its padding, which belong to nothing.</summary>
    public long SurplusBytes => Math.Max(0, _file.Length - _header.EndOffset);

    /// <summary>The metadata; valid until the file is disposed.</summary>
    public GgufMetadata Metadata
    {
        get
        {
            ObjectDisposedException.ThrowIf(_file.IsClosed, this);
            return new GgufMetadata(_header.Values, _head, Location);
        }
    }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">The file is not a GGUF file, is cut short, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static GgufFile Open(string path)
    {
        ModelFile file = ModelFile.Open(path, "a GGUF file");
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
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        bool isFound = _header.Tensors.TryGetValue(name, out GgufTensor? entry);
        tensor = isFound ? entry!.ToView(_file, _header.DataOffset, Location) : default;
        return isFound;
    }

    public void Dispose() => _file.Dispose();

    private byte[] Lengthen(int count) => _head = _file.Head(Math.Min(GgufHeader.MaxBytes, Math.Max(count, 2 * _head.Length)));
}
