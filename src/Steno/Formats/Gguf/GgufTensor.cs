using System.Globalization;
using Steno.Tensors;

namespace Steno.Formats.Gguf;

/// <summary>One tensor that a header describes.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Its type.</param>
/// <param name="Shape">Dimensions, outermost first: the reverse of the file's order.</param>
/// <param name="InfoOffset">Where the file describes it.</param>
/// <param name="Offset">Where its bytes start, from the start of the data.</param>
/// <param name="ByteCount">How many they are.</param>
internal sealed record GgufTensor(string Name, GgufTensorType Type, long[] Shape, long InfoOffset, long Offset, long ByteCount)
{
    /// <summary>Dimensions in the form [a, b].</summary>
    public string ShapeText =>
        $"[{string.Join(", ", Shape.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>The tensor, to be read from its file.</summary>
    /// <param name="source">What reads the file.</param>
    /// <param name="dataOffset">Offset of the data in the file.</param>
    /// <param name="file">Path of the file, for messages.</param>
    /// <exception cref="ModelFormatException">The type is none that Steno computes with.</exception>
    public TensorView ToView(ITensorBytes source, long dataOffset, string file)
    {
        if (Type.DType is { } dtype) return new TensorView(Name, file, dtype, Shape, source, dataOffset + Offset, dataOffset + Offset);
        const string Problem = "the tensor is stored in a number format that Steno does not compute with";
        throw new ModelFormatException(
            Problem, file, MessageText.Excerpt(Name), dataOffset + Offset, GgufTensorType.Readable, Type.ToString());
    }
}
