using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>Follows the objects of an ASF file (Windows Media), and the packets inside its data, which all have one size.</summary>
/// <remarks>
/// Where a packet does not begin like one, decoders look for the next that does without a word. Packets that begin without the marks of error
/// correction are left to them.
/// </remarks>
internal sealed class AsfWalk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private const int GuidBytes = 16;
    private const int HeaderBytes = GuidBytes + sizeof(long);

    /// <summary>A header that is longer, such as one with a picture, is not looked into.</summary>
    private const int MaxReadBytes = 64 * 1024;

    /// <summary>Header of the data: object, file, number of packets, two bytes.</summary>
    private const int DataHeaderBytes = HeaderBytes + GuidBytes + sizeof(long) + sizeof(ushort);

    private const int PacketSizesOffset = 92;
    private const long LargestSize = long.MaxValue / 4;

    private long _packetBytes;
    private long _dataEnd;
    private bool _isAudio;

    public override double Seconds => 0;

    protected override string UnitName => "ASF object";

    protected override long Slack => _isAudio ? 0 : long.MaxValue;

    // 82: two bytes of error correction follow, which hold nothing.
    private static ReadOnlySpan<byte> PacketMark => [0x82, 0, 0];

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (Position < _dataEnd) return MeasurePacket(bytes, isAtEnd);
        _isAudio = false;
        if (bytes.Length < DataHeaderBytes + PacketMark.Length && !isAtEnd) return 0;
        if (bytes.Length < HeaderBytes) return GiveUp();
        long size = BinaryPrimitives.ReadInt64LittleEndian(bytes[GuidBytes..]);
        if (size is < HeaderBytes or > LargestSize) return GiveUp();
        ReadOnlySpan<byte> header = [0x30, 0x26, 0xB2, 0x75], data = [0x36, 0x26, 0xB2, 0x75];
        if (bytes.StartsWith(header) && size <= MaxReadBytes)
        {
            if (bytes.Length < size) return isAtEnd ? size : 0;
            _packetBytes = PacketBytes(bytes[..(int)size]);
        }

        if (!bytes.StartsWith(data)) return size;
        _isAudio = true;
        bool isFollowed = _packetBytes > PacketMark.Length && bytes.Length >= DataHeaderBytes && bytes[DataHeaderBytes..].StartsWith(PacketMark);
        if (!isFollowed || (size - DataHeaderBytes) % _packetBytes != 0) return size;
        _dataEnd = Position + size;
        return DataHeaderBytes;
    }

    protected override void CheckEnd()
    {
        if (Position < _dataEnd) throw Damage($"the file ends inside the ASF data that go to byte {_dataEnd}: it is cut off");
    }

    // Of the object with the properties of the file: the least and the greatest size, which are one.
    private static long PacketBytes(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> properties = [0xA1, 0xDC, 0xAB, 0x8C, 0x47, 0xA9, 0xCF, 0x11, 0x8E, 0xE4, 0x00, 0xC0, 0x0C, 0x20, 0x53, 0x65];
        int start = header.IndexOf(properties);
        if (start < 0 || header.Length < start + PacketSizesOffset + (2 * sizeof(uint))) return 0;
        uint least = BinaryPrimitives.ReadUInt32LittleEndian(header[(start + PacketSizesOffset)..]);
        uint greatest = BinaryPrimitives.ReadUInt32LittleEndian(header[(start + PacketSizesOffset + sizeof(uint))..]);
        return least == greatest ? least : 0;
    }

    private long MeasurePacket(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (bytes.Length < PacketMark.Length) return NeedMore(isAtEnd);
        return bytes.StartsWith(PacketMark) ? _packetBytes : throw Damage($"no ASF packet begins at byte {Position}, where one must: the file is damaged");
    }
}
