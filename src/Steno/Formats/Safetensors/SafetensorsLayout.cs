using System.Globalization;

namespace Steno.Formats.Safetensors;

/// <summary>Checks where the tensors of a file lie: each fits its shape and the file, and together they cover the data exactly.</summary>
internal readonly struct SafetensorsLayout(string file, long dataOffset, long dataLength)
{
    /// <summary>Checks all tensors of the file.</summary>
    /// <exception cref="ModelFormatException">A shape is impossible, or a tensor lies where it cannot.</exception>
    public void Check(IEnumerable<SafetensorsTensor> tensors)
    {
        SafetensorsTensor[] inOrder = [.. tensors];
        foreach (SafetensorsTensor tensor in inOrder) CheckRange(tensor);
        Array.Sort(inOrder, (left, right) => left.Begin != right.Begin ? left.Begin.CompareTo(right.Begin) : left.End.CompareTo(right.End));

        SafetensorsTensor? previous = null;
        long end = 0;
        foreach (SafetensorsTensor tensor in inOrder)
        {
            string expected = $"data_offsets that begin at {end}";
            if (tensor.Begin < end)
            {
                string other = $"{Offsets(previous!)} of {MessageText.Excerpt(previous!.Name)}";
                throw Fault("the tensor overlaps another", tensor, expected, $"{Offsets(tensor)}, after {other}");
            }
            if (tensor.Begin > end) throw Fault("bytes before the tensor belong to no tensor", tensor, expected, Offsets(tensor));
            previous = tensor;
            end = tensor.End;
        }
        if (end == dataLength) return;
        string found = $"{dataLength - end} more bytes";
        throw new ModelFormatException("bytes after the last tensor belong to no tensor", file, null, dataOffset + end, "the end of the file", found);
    }

    private void CheckRange(SafetensorsTensor tensor)
    {
        if (tensor.Begin < 0 || tensor.Begin > tensor.End)
            throw Fault("the tensor's data_offsets are impossible", tensor, "0 <= begin <= end", Offsets(tensor));
        if (tensor.End > dataLength)
        {
            string expected = $"data_offsets within the {dataLength} bytes of data";
            throw Fault("the tensor ends past the end of the file, which may be cut short", tensor, expected, Offsets(tensor));
        }

        long byteCount = tensor.End - tensor.Begin;
        if (ByteCount(tensor) is { } expectedCount && expectedCount != byteCount)
        {
            string expected = $"{expectedCount} bytes for {tensor.DTypeName} {Shape(tensor)}";
            throw Fault("the tensor's size contradicts its shape", tensor, expected, $"{byteCount} bytes");
        }
    }

    // Null for a number format of unknown size: such a tensor may lie in the file, but cannot be used.
    private long? ByteCount(SafetensorsTensor tensor)
    {
        try
        {
            long elementCount = 1;
            foreach (long dimension in tensor.Shape)
            {
                if (dimension < 0) throw Fault("the tensor has a negative dimension", tensor, "dimensions of at least 0", "shape " + Shape(tensor));
                elementCount = checked(elementCount * dimension);
            }
            if (SafetensorsDType.BitsPerElement(tensor.DTypeName) is not { } bits) return null;
            long bitCount = checked(elementCount * bits);
            if (bitCount % 8 != 0) throw Fault("the tensor does not fill whole bytes", tensor, "a whole number of bytes", $"{bitCount} bits");
            return bitCount / 8;
        }
        catch (OverflowException fault)
        {
            throw Fault("the tensor has more elements than any file holds", tensor, "fewer than 2^63 bits", "shape " + Shape(tensor), fault);
        }
    }

    private static string Shape(SafetensorsTensor tensor) =>
        $"[{string.Join(", ", tensor.Shape.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)))}]";

    private static string Offsets(SafetensorsTensor tensor) =>
        string.Create(CultureInfo.InvariantCulture, $"data_offsets [{tensor.Begin}, {tensor.End}]");

    private ModelFormatException Fault(string problem, SafetensorsTensor tensor, string expected, string found, Exception? inner = null)
    {
        long? offset = tensor.Begin >= 0 && tensor.Begin <= dataLength ? dataOffset + tensor.Begin : null;
        return new ModelFormatException(problem, file, MessageText.Excerpt(tensor.Name), offset, expected, found, inner);
    }
}
