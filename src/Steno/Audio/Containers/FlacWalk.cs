using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>Finds the frames of a FLAC file (RFC 9639), which do not tell their sizes, by their headers.</summary>
/// <remarks>
/// A header is recognised by its check sum and by the rate, and a block no larger than the file's first metadata says. Some one in
/// 30 million bytes of audio passes for one by chance: too few to matter for a length.
/// </remarks>
internal sealed class FlacWalk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private const int MarkerBytes = 4;
    private const int BlockHeaderBytes = 4;
    private const int StreamInfoBytes = 34;
    private const int LastBlockFlag = 0x80;
    private const int MaxFrameHeaderBytes = 16;

    private Part _part = Part.Marker;
    private int _maxBlockSamples;
    private int _sampleRateHz = 1;
    private long _sampleCount;
    private long _claimedSampleCount;

    private enum Part
    {
        Marker,
        StreamInfo,
        Metadata,
        Audio,
    }

    public override double Seconds => (double)_sampleCount / _sampleRateHz;

    protected override string UnitName => "metadata";

    /// <inheritdoc/>
    /// <remarks>A decoder that has given all samples minds the tag of another format behind them.</remarks>
    public override bool Explains(ComplaintKind complaint, double decodedSeconds) =>
        complaint == ComplaintKind.Stray && _claimedSampleCount > 0 && Math.Round(decodedSeconds * _sampleRateHz) >= _claimedSampleCount;

    protected override void CheckEnd()
    {
        if (_sampleCount < _claimedSampleCount)
            throw Damage($"the file says that it has {_claimedSampleCount} samples, but its frames have {_sampleCount}: it is cut off or damaged");
    }

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        switch (_part)
        {
            case Part.Marker:
                _part = Part.StreamInfo;
                return MarkerBytes;
            case Part.StreamInfo:
                return bytes.Length < BlockHeaderBytes + StreamInfoBytes ? NeedMore(isAtEnd) : ReadStreamInfo(bytes);
            case Part.Metadata:
                return bytes.Length < BlockHeaderBytes ? NeedMore(isAtEnd) : ReadBlockHeader(bytes);
            default:
                return FindFrame(bytes, isAtEnd);
        }
    }

    // Bytes of the block: least and most samples of a block (16 bits each), sizes of frames (24 each), rate (20 bits), channels (3),
    // bits of a sample (5), samples in all (36).
    private long ReadStreamInfo(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> info = bytes[BlockHeaderBytes..];
        if ((bytes[0] & ~LastBlockFlag) != 0) return GiveUp();
        _maxBlockSamples = BinaryPrimitives.ReadUInt16BigEndian(info[2..]);
        ulong rateAndCount = BinaryPrimitives.ReadUInt64BigEndian(info[10..]);
        _sampleRateHz = (int)(rateAndCount >> 44);
        if (_sampleRateHz == 0) return GiveUp();
        _claimedSampleCount = (long)(rateAndCount & ((1UL << 36) - 1));
        CheckClaim((double)_claimedSampleCount / _sampleRateHz);
        return ReadBlockHeader(bytes);
    }

    private long ReadBlockHeader(ReadOnlySpan<byte> bytes)
    {
        _part = (bytes[0] & LastBlockFlag) != 0 ? Part.Audio : Part.Metadata;
        return BlockHeaderBytes + ((bytes[1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
    }

    private long FindFrame(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        int next = bytes.IndexOf((byte)0xFF);
        if (next != 0) return next < 0 ? bytes.Length : next;
        if (bytes.Length < MaxFrameHeaderBytes && !isAtEnd) return 0;
        if (!TryReadFrame(bytes, out int sampleCount)) return 1;
        _sampleCount += sampleCount;
        return 2;
    }

    // 15 bits of sync, 1 for the way blocks are numbered, 4 for the block size, 4 for the rate, 4 for the channels, 3 for the bits of a
    // sample, a zero; the number, in the manner of UTF-8; block size and rate where their 4 bits say so; the check sum of all of it.
    private bool TryReadFrame(ReadOnlySpan<byte> bytes, out int sampleCount)
    {
        sampleCount = 0;
        if (bytes.Length < 6 || (bytes[1] & 0xFE) != 0xF8 || (bytes[3] & 1) != 0) return false;
        int blockCode = bytes[2] >> 4, rateCode = bytes[2] & 15;
        int position = 4 + NumberBytes(bytes[4]);
        int blockBytes = blockCode == 6 ? 1 : blockCode == 7 ? 2 : 0;
        int rateBytes = rateCode == 12 ? 1 : rateCode is 13 or 14 ? 2 : 0;
        int end = position + blockBytes + rateBytes;
        if (blockCode == 0 || rateCode == 15 || position == 4 || bytes.Length <= end || Checksum(bytes[..end]) != bytes[end]) return false;
        sampleCount = blockCode switch
        {
            1 => 192,
            < 6 => 576 << (blockCode - 2),
            6 => bytes[position] + 1,
            7 => BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]) + 1,
            _ => 256 << (blockCode - 8),
        };
        return sampleCount <= _maxBlockSamples;
    }

    // Bytes of a number by its first one; 0 for a byte that begins none.
    private static int NumberBytes(byte first)
    {
        int ones = int.LeadingZeroCount((~first & 0xFF) << 24);
        return ones == 0 ? 1 : ones is > 1 and < 8 ? ones : 0;
    }

    // The polynomial 0x07, highest bit first.
    private static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        int checksum = 0;
        foreach (byte value in bytes)
        {
            checksum ^= value;
            for (int bit = 0; bit < 8; bit++) checksum = ((checksum << 1) ^ ((checksum >> 7) * 0x07)) & 0xFF;
        }

        return (byte)checksum;
    }
}
