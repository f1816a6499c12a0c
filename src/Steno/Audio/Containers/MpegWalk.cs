using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>Follows frames of MPEG audio or AAC, and the tags between them.</summary>
/// <remarks>
/// The first frame of an MP3 may hold, in place of audio, the number of frames that follow (Xing, Info, VBRI): with fewer, the file is cut
/// off. Where it is not there, a cut between two frames leaves no trace. Bytes that are neither frames nor tags end the walk.
/// </remarks>
internal sealed class MpegWalk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private const int Id3HeaderBytes = 10;
    private const int Id3FooterFlag = 0x10;
    private const int Id3OldTagBytes = 128;
    private const int ApeHeaderBytes = 32;
    private const int VbriOffset = 36;
    private const int VbriCountOffset = 14;

    private double _seconds;
    private long _frameCount;
    private long? _claimedFrameCount;
    private bool _isAfterFirst;
    private bool _hasStray;
    private bool _hasJunk;

    public override double Seconds => _seconds;

    protected override string UnitName => _isAfterFirst ? "frame" : "tag or frame";

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (_hasJunk) return bytes.Length;
        _hasStray |= _isAfterFirst && bytes[0] != 0xFF;
        if (bytes[0] == 0)
        {
            int padding = bytes.IndexOfAnyExcept((byte)0);
            return padding < 0 ? bytes.Length : padding;
        }

        if (bytes[0] != 0xFF) return MeasureTag(bytes, isAtEnd);
        if (bytes.Length < MpegFrame.HeaderBytes) return NeedMore(isAtEnd);
        if (!MpegFrame.TryParse(bytes, out MpegFrame frame)) return EndOfFrames(bytes);
        if (!_isAfterFirst && frame.CountOffset > 0)
        {
            if (bytes.Length < frame.SizeBytes) return NeedMore(isAtEnd);
            _claimedFrameCount = ClaimedFrameCount(bytes[..frame.SizeBytes], frame.CountOffset);
        }

        if (_isAfterFirst || _claimedFrameCount is null)
        {
            _frameCount++;
            _seconds += (double)frame.SampleCount / frame.SampleRateHz;
        }

        _isAfterFirst = true;
        return frame.SizeBytes;
    }

    // Some writers count the frame with the number too.
    protected override void CheckEnd()
    {
        if (_claimedFrameCount - 1 > _frameCount)
            throw Damage($"the first frame says that {_claimedFrameCount} frames follow, but there are {_frameCount}: the file is cut off");
    }

    /// <inheritdoc/>
    /// <remarks>ffmpeg takes tags, zeros and junk behind the first frame for frames without a header.</remarks>
    public override bool Explains(ComplaintKind complaint, double decodedSeconds) =>
        complaint == ComplaintKind.Stray && IsFollowed && (_hasJunk ? !StatedLength.IsMissed(decodedSeconds, _seconds) : _hasStray);

    // Where all frames that were announced are there, what follows is no audio; else it may be.
    private long EndOfFrames(ReadOnlySpan<byte> bytes)
    {
        _hasJunk = _claimedFrameCount > 0 && _frameCount >= _claimedFrameCount - 1;
        return _hasJunk ? bytes.Length : GiveUp();
    }

    private long MeasureTag(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (bytes.Length < ApeHeaderBytes && !isAtEnd) return 0;
        if (bytes.StartsWith("ID3"u8) && bytes.Length >= Id3HeaderBytes)
        {
            int size = (bytes[6] << 21) | (bytes[7] << 14) | (bytes[8] << 7) | bytes[9];
            return Id3HeaderBytes + size + ((bytes[5] & Id3FooterFlag) != 0 ? Id3HeaderBytes : 0);
        }

        if (bytes.StartsWith("TAG"u8)) return Id3OldTagBytes;
        if (!bytes.StartsWith("APETAGEX"u8) || bytes.Length < ApeHeaderBytes) return EndOfFrames(bytes);
        bool isHeader = (bytes[23] & 0x20) != 0;
        return ApeHeaderBytes + (isHeader ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) : 0L);
    }

    private static long? ClaimedFrameCount(ReadOnlySpan<byte> frame, int countOffset)
    {
        const int CountFlag = 1;
        ReadOnlySpan<byte> xing = frame.Length >= countOffset + 12 ? frame[countOffset..] : default;
        if (xing.StartsWith("Xing"u8) || xing.StartsWith("Info"u8))
            return (xing[7] & CountFlag) != 0 ? BinaryPrimitives.ReadUInt32BigEndian(xing[8..]) : 0;
        ReadOnlySpan<byte> vbri = frame.Length >= VbriOffset + VbriCountOffset + 4 ? frame[VbriOffset..] : default;
        return vbri.StartsWith("VBRI"u8) ? BinaryPrimitives.ReadUInt32BigEndian(vbri[VbriCountOffset..]) : null;
    }
}
