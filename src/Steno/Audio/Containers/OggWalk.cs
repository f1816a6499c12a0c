using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>Follows the pages of an Ogg file (RFC 3533).</summary>
internal sealed class OggWalk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private const int HeaderBytes = 27;
    private const int FlagsOffset = 5;
    private const int PositionOffset = 6;
    private const int SerialOffset = 14;
    private const int ChecksumOffset = 22;
    private const int ChecksumBytes = 4;
    private const int SegmentCountOffset = 26;
    private const int ContinuedFlag = 0x01;
    private const int BeginningFlag = 0x02;

    /// <summary>More streams side by side than this are no recording.</summary>
    private const int MaxStreamCount = 64;

    private static readonly uint[] ChecksumTable = CreateChecksumTable();

    private readonly Dictionary<uint, OggStream> _streams = [];
    private double _earlierSeconds;
    private double _seconds;
    private bool _isBeginning;

    /// <summary>Number of logical streams that begin in the file.</summary>
    public int StreamCount { get; private set; }

    /// <inheritdoc/>
    /// <remarks>Streams side by side count once, streams one after the other are added up.</remarks>
    public override double Seconds => _earlierSeconds + _seconds;

    protected override string UnitName => "Ogg page";

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        ReadOnlySpan<byte> capture = "OggS"u8;
        if (bytes.Length < capture.Length && capture.StartsWith(bytes)) return NeedMore(isAtEnd);
        if (!bytes.StartsWith(capture)) return Stray(bytes, isAtEnd);
        if (bytes.Length < HeaderBytes) return NeedMore(isAtEnd);
        int bodyOffset = HeaderBytes + bytes[SegmentCountOffset];
        if (bytes.Length < bodyOffset) return NeedMore(isAtEnd);
        int size = bodyOffset;
        foreach (byte lacing in bytes[HeaderBytes..bodyOffset]) size += lacing;
        if (bytes.Length < size) return NeedMore(isAtEnd);
        ReadOnlySpan<byte> page = bytes[..size];
        if (Checksum(page) != BinaryPrimitives.ReadUInt32LittleEndian(page[ChecksumOffset..]))
            throw Damage($"the Ogg page at byte {Position} is damaged: its checksum is wrong");
        Read(page, bodyOffset);
        return size;
    }

    /// <inheritdoc/>
    /// <remarks>All check sums are right; ffmpeg minds a stream that follows another.</remarks>
    public override bool Explains(ComplaintKind complaint, double decodedSeconds) =>
        complaint == ComplaintKind.Stray && IsFollowed && StreamCount > 1 && !StatedLength.IsMissed(Seconds, decodedSeconds);

    protected override void CheckEnd() => CheckClaims();

    // Tags of other formats may follow the last page; between two pages nothing may stand, since audio could be missing there.
    private long Stray(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        int next = bytes.IndexOf("OggS"u8);
        if (next >= 0) throw Damage($"bytes that belong to no Ogg page stand before the one at byte {Position + next}: the file is damaged");
        return isAtEnd ? bytes.Length : Math.Max(0, bytes.Length - ChecksumBytes + 1);
    }

    private void Read(ReadOnlySpan<byte> page, int bodyOffset)
    {
        uint serial = BinaryPrimitives.ReadUInt32LittleEndian(page[SerialOffset..]);
        if ((page[FlagsOffset] & BeginningFlag) != 0) Begin(serial);
        else _isBeginning = false;
        if (!_streams.TryGetValue(serial, out OggStream? stream)) return;
        bool isContinued = (page[FlagsOffset] & ContinuedFlag) != 0;
        stream.Read(page[HeaderBytes..bodyOffset], page[bodyOffset..], isContinued, BinaryPrimitives.ReadInt64LittleEndian(page[PositionOffset..]));
        _seconds = Math.Max(_seconds, stream.Seconds);
    }

    // The first pages of streams side by side stand together; one later on begins the next part of the file.
    private void Begin(uint serial)
    {
        if (!_isBeginning)
        {
            CheckClaims();
            _earlierSeconds += _seconds;
            _seconds = 0;
            _streams.Clear();
        }

        _isBeginning = true;
        StreamCount++;
        _streams[serial] = new OggStream();
        if (_streams.Count > MaxStreamCount) throw Fault($"more than {MaxStreamCount} Ogg streams lie side by side; this is not a recording.");
    }

    private void CheckClaims()
    {
        foreach (OggStream stream in _streams.Values) CheckClaim(_earlierSeconds + stream.ClaimedSeconds);
    }

    // A cyclic redundancy check with the polynomial 0x04C11DB7, highest bit first, over the page with zeros in its place.
    private static uint Checksum(ReadOnlySpan<byte> page)
    {
        uint checksum = Update(0, page[..ChecksumOffset]);
        checksum = Update(checksum, stackalloc byte[ChecksumBytes]);
        return Update(checksum, page[(ChecksumOffset + ChecksumBytes)..]);
    }

    private static uint Update(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint[] table = ChecksumTable;
        foreach (byte value in bytes) checksum = (checksum << 8) ^ table[(byte)(checksum >> 24) ^ value];
        return checksum;
    }

    private static uint[] CreateChecksumTable()
    {
        uint[] table = new uint[256];
        for (int i = 0; i < table.Length; i++)
        {
            uint value = (uint)i << 24;
            for (int bit = 0; bit < 8; bit++) value = (value << 1) ^ ((value >> 31) * 0x04C11DB7);
            table[i] = value;
        }

        return table;
    }
}
