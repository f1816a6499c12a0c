using Steno.Formats.Gguf;
using Steno.Tensors;

namespace Steno.Formats.Ggmm;

/// <summary>A file of chatllm.cpp: tensors under its own names, read where they are needed, and what it says of the model.</summary>
/// <remarks>Not safe for use while another thread disposes it; otherwise safe for any number of threads.</remarks>
internal sealed class GgmmFile : IWeightSource
{
    private readonly ModelFile _file;
    private readonly GgmmHeader _header;

    private GgmmFile(string path, ModelFile file)
    {
        Location = path;
        _file = file;
        _header = GgmmHeaderParser.Parse(file, path);
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <summary>The tensors by name, in the file's order.</summary>
    public IReadOnlyDictionary<string, GgmmTensor> Tensors => _header.Tensors;

    /// <summary>The numbers of the configuration.</summary>
    public IReadOnlyList<int> Numbers => _header.Numbers;

    /// <summary>The JSON object.</summary>
    public ReadOnlySpan<byte> Json => Bytes(_header.Json);

    /// <summary>Tokens and merges.</summary>
    public GgmmReader OpenTokens() => new(Bytes(_header.Tokens), _header.Tokens.Start, Location);

    /// <summary>Opens a file and checks it.</summary>
    /// <exception cref="ModelFormatException">The file is none of chatllm.cpp, is cut short, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static GgmmFile Open(string path)
    {
        ModelFile file = ModelFile.Open(path, "a file of chatllm.cpp");
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
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        bool isFound = _header.Tensors.TryGetValue(name, out GgmmTensor? entry);
        tensor = isFound ? ToView(entry!) : default;
        return isFound;
    }

    public void Dispose() => _file.Dispose();

    private TensorView ToView(GgmmTensor tensor) => tensor.Type.DType is { } dtype
        ? new TensorView(tensor.Name, Location, dtype, tensor.Shape, _file, tensor.Offset, tensor.Offset)
        : throw new ModelFormatException(
            "the tensor is stored in a number format that Steno does not compute with", Location, MessageText.Excerpt(tensor.Name), tensor.Offset, GgufTensorType.Readable, tensor.Type.ToString());

    private ReadOnlySpan<byte> Bytes(GgmmSection section) => _header.Head.AsSpan(section.Start, section.Length);
}
