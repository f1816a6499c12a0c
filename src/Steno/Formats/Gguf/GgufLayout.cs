namespace Steno.Formats.Gguf;

/// <summary>Checks where the tensors of a file lie: aligned, inside the file, none in another.</summary>
internal readonly struct GgufLayout(string file, long dataOffset, long fileLength, long alignment)
{
    /// <summary>Checks all tensors of the file.</summary>
    /// <exception cref="ModelFormatException">A tensor lies where it cannot.</exception>
    public void Check(IReadOnlyCollection<GgufTensor> tensors)
    {
        GgufTensor[] inOrder = [.. tensors];
        foreach (GgufTensor tensor in inOrder) CheckRange(tensor);
        Array.Sort(inOrder, (left, right) => left.Offset.CompareTo(right.Offset));
        for (int i = 1; i < inOrder.Length; i++)
        {
            GgufTensor previous = inOrder[i - 1];
            long end = previous.Offset + previous.ByteCount;
            if (inOrder[i].Offset < end)
            {
                throw Fault(
                    "the tensor overlaps another",
                    inOrder[i],
                    $"an offset from {end}, the end of {MessageText.Excerpt(previous.Name)}",
                    $"{inOrder[i].Offset}");
            }
        }
    }

    /// <summary>
    /// Checks that each tensor begins where the one before it ends, as GGML's own reader demands, and the last at the end of the file: a gap is
    /// a tensor of a wrong type or shape.
    /// </summary>
    /// <param name="tensors">All tensors, in the order of the file.</param>
    /// <exception cref="ModelFormatException">There is a gap.</exception>
    public void RequireContiguous(IEnumerable<GgufTensor> tensors)
    {
        long end = 0;
        foreach (GgufTensor tensor in tensors)
        {
            if (tensor.Offset != end) throw Fault("the tensor does not begin where the one before it ends", tensor, $"offset {end}", $"{tensor.Offset}");
            end += (tensor.ByteCount + alignment - 1) / alignment * alignment;
        }

        if (fileLength > dataOffset + end)
        {
            throw new ModelFormatException(
                "the file goes on after its last tensor", file, offset: dataOffset + end, expected: $"{dataOffset + end} bytes", found: $"{fileLength} bytes");
        }
    }

    private void CheckRange(GgufTensor tensor)
    {
        if (tensor.Offset % alignment != 0)
            throw Fault("the tensor is not aligned", tensor, $"an offset that is a multiple of {alignment}", $"{tensor.Offset}");
        long available = fileLength - dataOffset;
        if (tensor.Offset <= available && tensor.ByteCount <= available - tensor.Offset) return;
        decimal missing = (decimal)tensor.Offset + tensor.ByteCount - available;
        throw Fault(
            "the tensor ends past the end of the file, which may be cut short",
            tensor,
            $"{missing} more bytes",
            $"{fileLength} bytes in all");
    }

    private ModelFormatException Fault(string problem, GgufTensor tensor, string expected, string found) =>
        new(problem, file, MessageText.Excerpt(tensor.Name), tensor.InfoOffset, expected, found);
}
