namespace Steno.Tensors;

/// <summary>A named tensor as a file holds it, in whatever number format; its bytes are known to lie inside the file and to have the size of its shape.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="File">Path of the file, for messages.</param>
/// <param name="DTypeName">Number format, by the file's own name for it.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Data">First byte; need not be aligned.</param>
/// <param name="ByteCount">Number of bytes.</param>
/// <param name="FileOffset">Where the first byte lies in the file, for messages.</param>
internal sealed unsafe record RawTensor(string Name, string File, string DTypeName, long[] Shape, nint Data, long ByteCount, long FileOffset)
{
    /// <summary>Shape in the form [a, b].</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";

    /// <summary>Consecutive bytes.</summary>
    public ReadOnlySpan<byte> Bytes(long start, int length)
    {
        if (start < 0 || length > ByteCount - start) throw new ArgumentOutOfRangeException(nameof(start), start, $"{length} bytes of {ByteCount}.");
        return new ReadOnlySpan<byte>((byte*)Data + start, length);
    }

    /// <summary>Says that the tensor will not be read again soon; reading it stays possible.</summary>
    public void Release() => MemoryAdvice.ReleaseMappedPages((void*)Data, (nuint)ByteCount);
}
