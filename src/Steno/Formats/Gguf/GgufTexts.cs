using System.Buffers.Binary;

namespace Steno.Formats.Gguf;

/// <summary>The texts of an array, each as the bytes that the file has; they lie one after the other, so they are read in order.</summary>
internal ref struct GgufTexts(ReadOnlySpan<byte> bytes, int count)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Number of texts.</summary>
    public int Count { get; } = count;

    /// <summary>Bytes of the next text.</summary>
    public ReadOnlySpan<byte> ReadNext()
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(_rest);
        ReadOnlySpan<byte> text = _rest.Slice(sizeof(long), length);
        _rest = _rest[(sizeof(long) + length)..];
        return text;
    }
}
