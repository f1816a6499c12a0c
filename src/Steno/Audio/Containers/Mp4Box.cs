using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>A box of an MP4 file, by its header (ISO 14496-12, section 4.2): 32 bits of size, the type; size 1 for 64 bits behind the type.</summary>
/// <param name="SizeBytes">Its size, header included.</param>
/// <param name="HeaderBytes">Size of the header.</param>
internal readonly record struct Mp4Box(long SizeBytes, int HeaderBytes)
{
    /// <summary>Size of the smallest box.</summary>
    public const int MinBytes = 8;

    /// <summary>Size of the largest header.</summary>
    public const int LargeHeaderBytes = 16;

    /// <summary>A size beyond every file.</summary>
    private const long LargestSize = long.MaxValue / 4;

    /// <summary>Reads the header that the bytes begin with; false when they begin with none, or with one that tells no size.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Mp4Box box)
    {
        box = default;
        if (bytes.Length < MinBytes || bytes[4..8].ContainsAnyExceptInRange((byte)' ', (byte)'~')) return false;
        long size = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        bool isLarge = size == 1;
        if (isLarge && bytes.Length < LargeHeaderBytes) return false;
        if (isLarge) size = BinaryPrimitives.ReadInt64BigEndian(bytes[MinBytes..]);
        box = new Mp4Box(size, isLarge ? LargeHeaderBytes : MinBytes);
        return size >= box.HeaderBytes && size <= LargestSize;
    }

    /// <summary>Whether the box that bytes begin with is of a type.</summary>
    public static bool IsOfType(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> type) => bytes[4..8].SequenceEqual(type);
}
