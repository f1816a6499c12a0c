using Steno.Formats.Gguf;
using Steno.Tensors;

namespace Steno.Formats.Ggmm;

/// <summary>A file of chatllm.cpp, mapped read-only into memory: tensors under its own names, and what it says of the model.</summary>
/// <remarks>
/// The file must not be cut short while it is mapped: reading a page that no longer exists ends the process.
/// Not safe for use while another thread disposes it; otherwise safe for any number of threads.
/// </remarks>
internal sealed unsafe class GgmmFile : IWeightSource
{
    private readonly MappedFile _file;
    private readonly GgmmHeader _header;

    private GgmmFile(string path, MappedFile file)
    {
        Location = path;
        _file = file;
        _header = GgmmHeaderParser.Parse(file.Start, file.Length, path);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>The tensors by name, in the file's order.</summary>
    public IReadOnlyDictionary<string, GgmmTensor> Tensors => _header.Tensors;

    /// <summary>The numbers of the configuration.</summary>
    public IReadOnlyList<int> Numbers => _header.Numbers;

    /// <summary>The JSON object; valid until the file is disposed.</summary>
    public ReadOnlySpan<byte> Json => Bytes(_header.Json);

    /// <summary>Tokens and merges.</summary>
    public GgmmReader OpenTokens() => new(_file.Start, _header.Tokens.Start + _header.Tokens.Length, Location) { Position = _header.Tokens.Start };

    /// <summary>Maps a file and checks it.</summary>
    /// <exception cref="ModelFormatException">The file is none of chatllm.cpp, is cut short, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static GgmmFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path, "a file of chatllm.cpp");
        try
        {
            return new GgmmFile(path, file);
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
        bool isFound = _header.Tensors.TryGetValue(name, out GgmmTensor? entry);
        tensor = isFound ? ToView(entry!) : default;
        return isFound;
    }

    /// <inheritdoc/>
    public void Release(in TensorView tensor) => MappedFile.Release(tensor);

    public void Dispose() => _file.Dispose();

    private TensorView ToView(GgmmTensor tensor) => tensor.Type.DType is { } dtype
        ? new TensorView(tensor.Name, Location, dtype, tensor.Shape, _file.Start + tensor.Offset, tensor.Offset)
        : throw new ModelFormatException(
            "the tensor is stored in a number format that Steno does not compute with", Location, MessageText.Excerpt(tensor.Name), tensor.Offset, GgufTensorType.Readable, tensor.Type.ToString());

    private ReadOnlySpan<byte> Bytes(GgmmSection section) => new(_file.Start + section.Start, section.Length);
}
