using Steno.Tensors;

namespace Steno.Formats.Safetensors;

/// <summary>One tensor that a header describes; its bytes are known to lie inside the file and to be its own.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="DTypeName">Number format by the header's name; may be one that Steno does not compute with.</param>
/// <param name="Shape">Dimensions, outermost first; their product fits a <see cref="long"/>.</param>
/// <param name="Begin">Offset of the first byte from the start of the data, which follows the header.</param>
/// <param name="End">Offset past the last byte from the start of the data.</param>
internal sealed record SafetensorsTensor(string Name, string DTypeName, long[] Shape, long Begin, long End)
{
    /// <summary>The tensor, to be read from its file.</summary>
    /// <param name="source">What reads the file.</param>
    /// <param name="dataOffset">Offset of the data in the file.</param>
    /// <param name="file">Path of the file, for messages.</param>
    /// <exception cref="ModelFormatException">The number format is none that Steno computes with.</exception>
    public TensorView ToView(ITensorBytes source, long dataOffset, string file)
    {
        if (SafetensorsDType.Parse(DTypeName) is { } dtype) return new TensorView(Name, file, dtype, Shape, source, dataOffset + Begin, dataOffset + Begin);
        const string Problem = "the tensor is stored in a number format that Steno does not compute with";
        string found = "dtype " + MessageText.Excerpt(DTypeName);
        throw new ModelFormatException(Problem, file, MessageText.Excerpt(Name), dataOffset + Begin, SafetensorsDType.Readable, found);
    }
}
