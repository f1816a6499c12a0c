using System.Buffers.Binary;
using System.Text;

namespace Steno.Formats.Gguf;

/// <summary>Reads numbers and texts of a GGUF header one after the other, never past its end.</summary>
internal ref struct GgufReader(ReadOnlySpan<byte> bytes, long fileLength, string file, Func<int, byte[]>? lengthen)
{
    /// <summary>What there is of the file so far.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; } = bytes;

    /// <summary>Offset of the next byte.</summary>
    public int Position { get; private set; }

    /// <summary>The next bytes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are, for messages.</param>
    public ReadOnlySpan<byte> Take(int count, string what)
    {
        Require(count, what);
        ReadOnlySpan<byte> taken = Bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    public int Int32(string what) => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int), what));

    public long Int64(string what) => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long), what));

    /// <summary>The bytes of a text: a 64-bit length, then as many bytes.</summary>
    public ReadOnlySpan<byte> Text(string what)
    {
        GgufReader before = this;
        long length = Int64("the length of " + what);
        if (length < 0 || length > fileLength)
            throw before.Fault($"the length of {what} is impossible", $"at most the file's {fileLength} bytes", $"{(ulong)length}");
        Require(length, what);
        return Take((int)length, what);
    }

    /// <summary>A text whose bytes all become characters, one each, so that no two names become the same.</summary>
    public static string Decode(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text);

    /// <summary>A fault at the next byte.</summary>
    public readonly ModelFormatException Fault(string problem, string? expected = null, string? found = null, string? tensor = null) =>
        new(problem, file, tensor is null ? null : MessageText.Excerpt(tensor), Position, expected, found);

    // Either the file is cut short, or it is a whole file whose header is longer than any that makes sense.
    private void Require(long count, string what)
    {
        long end = Position + count;
        if (end > Bytes.Length && Bytes.Length < fileLength && lengthen is not null) Bytes = lengthen((int)Math.Min(end, int.MaxValue));
        if (end <= Bytes.Length) return;
        if (Bytes.Length < fileLength)
            throw Fault("the header is too long", $"at most {Bytes.Length} bytes before the data", "more");
        throw Fault($"the file ends within its header, at {what}; it is cut short", $"{count} bytes", $"{Bytes.Length - Position} bytes");
    }
}
