using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>How the chunks of a container tell their size.</summary>
/// <param name="UnitName">What a chunk is called in messages.</param>
/// <param name="Measure">Measures the chunk that begins here, at a position of the file.</param>
/// <param name="SlackBytes">How many bytes of a chunk of audio may be missing at the end of the file.</param>
/// <param name="IsReadInBlocks">Whether decoders read its audio in blocks that are none of the file's.</param>
internal sealed record ChunkLayout(string UnitName, ChunkLayout.Measurement Measure, int SlackBytes = 0, bool IsReadInBlocks = false)
{
    /// <summary>Writers of RIFF count a header of 8 bytes too many, or leave out the byte of padding.</summary>
    private const int RiffSlackBytes = 9;

    private const int GuidBytes = 16;

    /// <summary>A size beyond every file.</summary>
    private const long LargestSize = long.MaxValue / 4;

    public delegate Chunk Measurement(ReadOnlySpan<byte> bytes, long position);

    /// <summary>The layout of a container; null for one that has none, or is followed in another way.</summary>
    public static ChunkLayout? Of(AudioContainer container)
    {
        if (container == AudioContainer.Matroska) return new("Matroska element", Matroska);
        if (container == AudioContainer.CompressedWav) return new("WAV chunk", LittleEndianRiff, RiffSlackBytes, IsReadInBlocks: true);
        if (container == AudioContainer.Rifx || container == AudioContainer.Aiff) return new("chunk", BigEndianRiff, RiffSlackBytes, IsReadInBlocks: true);
        if (container == AudioContainer.Wave64) return new("Wave64 chunk", Wave64, SlackBytes: 7, IsReadInBlocks: true);
        if (container == AudioContainer.Caf) return new("CAF chunk", Caf, IsReadInBlocks: true);
        if (container == AudioContainer.Au) return new("audio", Au, IsReadInBlocks: true);
        if (container == AudioContainer.Sox) return new("audio", Sox, IsReadInBlocks: true);
        if (container == AudioContainer.Voc) return new("VOC block", Voc);
        if (container == AudioContainer.Flv) return new("FLV tag", Flv, SlackBytes: 4);
        return container == AudioContainer.Mlp ? new("access unit", Mlp) : null;
    }

    // RFC 8794, sections 4 and 5: the zeros before the first one tell the length of an id, and of a size, which is all ones when it is unknown.
    private static Chunk Matroska(ReadOnlySpan<byte> bytes, long position)
    {
        const int MaxIdBytes = 4, MaxSizeBytes = 8;
        ReadOnlySpan<byte> segment = [0x18, 0x53, 0x80, 0x67];
        int idBytes = byte.LeadingZeroCount(bytes[0]) + 1;
        if (idBytes > MaxIdBytes) return Chunk.Unknown;
        if (bytes.Length <= idBytes) return Chunk.NeedsMore;
        int sizeBytes = byte.LeadingZeroCount(bytes[idBytes]) + 1;
        if (sizeBytes > MaxSizeBytes) return Chunk.Unknown;
        if (bytes.Length < idBytes + sizeBytes) return Chunk.NeedsMore;

        long size = bytes[idBytes] & (0xFF >> sizeBytes);
        foreach (byte next in bytes.Slice(idBytes + 1, sizeBytes - 1)) size = (size << 8) | next;
        bool isUnknown = size == (1L << (7 * sizeBytes)) - 1;
        return isUnknown ? Chunk.Unknown : new Chunk(idBytes + sizeBytes + size, bytes.StartsWith(segment));
    }

    private static Chunk LittleEndianRiff(ReadOnlySpan<byte> bytes, long position) => Riff(bytes, position, isBigEndian: false);

    private static Chunk BigEndianRiff(ReadOnlySpan<byte> bytes, long position) => Riff(bytes, position, isBigEndian: true);

    // The chunks inside a form. Sizes that a writer to a pipe cannot know stand as zero or near the largest.
    private static Chunk Riff(ReadOnlySpan<byte> bytes, long position, bool isBigEndian)
    {
        const int FormHeaderBytes = 12, HeaderBytes = 8;
        if (bytes.Length < FormHeaderBytes) return Chunk.NeedsMore;
        if (position == 0 || bytes.StartsWith("RIFF"u8)) return new Chunk(FormHeaderBytes, IsAudio: false);
        uint size = isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        bool isAudio = bytes.StartsWith("data"u8) || bytes.StartsWith("SSND"u8);
        bool isUnknown = isAudio && size is 0 or >= 0x7FFF0000 and <= 0x80000000 or >= 0xFFFF0000;
        if (isUnknown || !RiffChunk.IsPlausibleId(BinaryPrimitives.ReadUInt32LittleEndian(bytes))) return Chunk.Unknown;
        return new Chunk(HeaderBytes + size + (size & 1), isAudio);
    }

    // A form and its type, then chunks: each a GUID of 16 bytes and 64 bits of size, both included, at multiples of 8 bytes.
    private static Chunk Wave64(ReadOnlySpan<byte> bytes, long position)
    {
        const int FormHeaderBytes = (2 * GuidBytes) + sizeof(long), HeaderBytes = GuidBytes + sizeof(long);
        if (position == 0) return new Chunk(FormHeaderBytes, IsAudio: false);
        if (bytes.Length < HeaderBytes) return Chunk.NeedsMore;
        long size = BinaryPrimitives.ReadInt64LittleEndian(bytes[GuidBytes..]);
        return size is < HeaderBytes or > LargestSize ? Chunk.Unknown : new Chunk((size + 7) & ~7L, bytes.StartsWith("data"u8));
    }

    // A header of 8 bytes, then chunks: a type of 4 bytes and 64 bits of size, which is -1 when it is unknown.
    private static Chunk Caf(ReadOnlySpan<byte> bytes, long position)
    {
        const int FileHeaderBytes = 8, HeaderBytes = 12;
        if (position == 0) return new Chunk(FileHeaderBytes, IsAudio: false);
        if (bytes.Length < HeaderBytes) return Chunk.NeedsMore;
        long size = BinaryPrimitives.ReadInt64BigEndian(bytes[4..]);
        return size is < 0 or > LargestSize ? Chunk.Unknown : new Chunk(HeaderBytes + size, bytes.StartsWith("data"u8));
    }

    // The mark, where the samples begin and how many bytes they have.
    private static Chunk Au(ReadOnlySpan<byte> bytes, long position)
    {
        const int HeaderBytes = 12;
        if (position > 0) return Chunk.Unknown;
        if (bytes.Length < HeaderBytes) return Chunk.NeedsMore;
        uint size = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        return size is 0 or >= 0x7FFF0000 ? Chunk.Unknown : new Chunk((long)BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) + size, IsAudio: true);
    }

    // The mark, the size of the header behind it, 64 bits with the number of samples, of 32 bits each; 0 when it is unknown.
    private static Chunk Sox(ReadOnlySpan<byte> bytes, long position)
    {
        const int MarkBytes = 4, HeaderBytes = 16;
        if (position > 0) return Chunk.Unknown;
        if (bytes.Length < HeaderBytes) return Chunk.NeedsMore;
        bool isLittle = bytes[0] == (byte)'.';
        uint header = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[MarkBytes..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[MarkBytes..]);
        ulong count = isLittle ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        return count is 0 or > LargestSize / sizeof(int) ? Chunk.Unknown : new Chunk(MarkBytes + header + ((long)count * sizeof(int)), IsAudio: true);
    }

    // The size of the header at byte 20, then blocks: a type and 24 bits of size; type 0 ends the file.
    private static Chunk Voc(ReadOnlySpan<byte> bytes, long position)
    {
        const int HeaderSizeOffset = 20, HeaderBytes = 4, LastType = 9;
        if (position == 0)
            return bytes.Length < HeaderSizeOffset + sizeof(ushort) ? Chunk.NeedsMore : new Chunk(BinaryPrimitives.ReadUInt16LittleEndian(bytes[HeaderSizeOffset..]), IsAudio: false);
        if (bytes[0] is 0 or > LastType) return Chunk.Unknown;
        if (bytes.Length < HeaderBytes) return Chunk.NeedsMore;
        long size = bytes[1] | (bytes[2] << 8) | (bytes[3] << 16);
        bool isAudio = bytes[0] is 1 or 2 or 9;
        return isAudio && size == 0 ? Chunk.Unknown : new Chunk(HeaderBytes + size, isAudio);
    }

    // The size of the header at byte 5, 4 bytes, then tags: a type, 24 bits of size, 7 bytes; behind each 4 bytes.
    private static Chunk Flv(ReadOnlySpan<byte> bytes, long position)
    {
        const int HeaderSizeOffset = 5, TagHeaderBytes = 11, TrailerBytes = 4;
        if (bytes.Length < TagHeaderBytes) return Chunk.NeedsMore;
        if (position == 0) return new Chunk((BinaryPrimitives.ReadUInt32BigEndian(bytes[HeaderSizeOffset..]) & 0xFFFF) + TrailerBytes, IsAudio: false);
        if ((bytes[0] & 0x1F) is not (8 or 9 or 18) || (bytes[0] & 0xC0) != 0) return Chunk.Unknown;
        return new Chunk(TagHeaderBytes + ((bytes[1] << 16) | (bytes[2] << 8) | bytes[3]) + TrailerBytes, IsAudio: true);
    }

    // The low 12 of the first 16 bits are the size in words.
    private static Chunk Mlp(ReadOnlySpan<byte> bytes, long position)
    {
        if (bytes.Length < 2) return Chunk.NeedsMore;
        int size = (BinaryPrimitives.ReadUInt16BigEndian(bytes) & 0xFFF) * 2;
        return size == 0 ? Chunk.Unknown : new Chunk(size, IsAudio: true);
    }
}
