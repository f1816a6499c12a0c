using System.Buffers.Binary;

namespace Steno.Formats.Ggmm;

/// <summary>Reads numbers and texts of a part of a file one after the other, never past its end.</summary>
/// <param name="bytes">The part.</param>
/// <param name="start">Where it begins in the file.</param>
/// <param name="file">Path of the file, for messages.</param>
internal ref struct GgmmReader(ReadOnlySpan<byte> bytes, long start, string file)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _next;

    /// <summary>Offset of the next byte in the file.</summary>
    public readonly long Position => start + _next;

    /// <summary>Bytes that are left.</summary>
    public readonly int Remaining => _bytes.Length - _next;

    /// <summary>The next bytes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are, for messages.</param>
    /// <exception cref="ModelFormatException">The file ends before.</exception>
    public ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > Remaining) throw Fault($"the file ends at {what}; it is cut short", $"{count} bytes", $"{Remaining} bytes");
        ReadOnlySpan<byte> taken = _bytes.Slice(_next, count);
        _next += count;
        return taken;
    }

    public int Int32(string what) => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int), what));

    /// <summary>A number within bounds.</summary>
    /// <exception cref="ModelFormatException">It is not.</exception>
    public int Int32(string what, int minimum, int maximum)
    {
        GgmmReader before = this;
        int value = Int32(what);
        return value >= minimum && value <= maximum ? value : throw before.Fault($"{what} is impossible", $"{minimum} to {maximum}", $"{value}");
    }

    /// <summary>A fault at the next byte.</summary>
    public readonly ModelFormatException Fault(string problem, string? expected = null, string? found = null, string? tensor = null) =>
        new(problem, file, tensor is null ? null : MessageText.Excerpt(tensor), Position, expected, found);
}
