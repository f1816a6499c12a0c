namespace Steno.Tensors;

/// <summary>A named tensor as a file holds it, in whatever number format; its bytes are known to lie inside the file.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="File">Path of the file, for messages.</param>
/// <param name="DTypeName">Number format, by the file's own name for it.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Source">What reads the file.</param>
/// <param name="FileOffset">Where the first byte lies in the file.</param>
/// <param name="ByteCount">Number of bytes; that of the shape, where the number format is a known one.</param>
internal sealed record RawTensor(string Name, string File, string DTypeName, long[] Shape, ITensorBytes Source, long FileOffset, long ByteCount)
{
    /// <summary>Shape in the form [a, b].</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";

    /// <summary>Reads consecutive bytes.</summary>
    /// <param name="start">The first one, counted from that of the tensor.</param>
    /// <param name="count">How many: few enough for a buffer of their own.</param>
    /// <exception cref="ModelFormatException">The bytes are no longer there, or no longer what they were.</exception>
    public LoadedBytes Load(long start, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, ByteCount - count);
        var bytes = new LoadedBytes(start, checked((int)count));
        try
        {
            Source.Read(FileOffset + start, bytes.All);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
