using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>Adds up the packets of one logical stream of an Ogg file: of Opus (RFC 7845) and Vorbis; others have no length here.</summary>
internal sealed class OggStream
{
    private const int OpusHeaderPackets = 2;
    private const int VorbisHeaderPackets = 3;
    private const int VorbisRateOffset = 12;
    private const int VorbisBlockSizesOffset = 28;
    private const int SegmentBytes = 255;

    private Codec _codec;
    private VorbisPackets? _vorbis;
    private long _packetNumber;
    private bool _isInsidePacket;
    private long _sampleCount;
    private long _sampleRateHz = 1;
    private long? _firstPosition;
    private long _lastPosition;

    private enum Codec
    {
        Other,
        Opus,
        Vorbis,
    }

    /// <summary>How long the packets last that were read.</summary>
    public double Seconds => (double)_sampleCount / _sampleRateHz;

    /// <summary>How long the stream lasts by the positions that its pages give.</summary>
    public double ClaimedSeconds => (double)Math.Max(0, _lastPosition - _firstPosition.GetValueOrDefault()) / _sampleRateHz;

    /// <summary>Takes in a page.</summary>
    /// <param name="lacing">Lengths of the segments: a packet is all segments up to one that is shorter than 255 bytes.</param>
    /// <param name="body">The segments.</param>
    /// <param name="isContinued">Whether it begins inside a packet.</param>
    /// <param name="position">Position of the audio at the end of the last packet that ends here, in samples; negative when none ends.</param>
    public void Read(ReadOnlySpan<byte> lacing, ReadOnlySpan<byte> body, bool isContinued, long position)
    {
        bool isStart = !isContinued;
        if (isStart && _isInsidePacket) _packetNumber++;
        while (!lacing.IsEmpty)
        {
            int segmentCount = lacing.IndexOfAnyExcept((byte)SegmentBytes) + 1;
            _isInsidePacket = segmentCount == 0;
            if (_isInsidePacket) segmentCount = lacing.Length;
            int length = (segmentCount * SegmentBytes) - (SegmentBytes - lacing[segmentCount - 1]);
            ReadPacket(body[..length], isStart);
            if (!_isInsidePacket) _packetNumber++;
            lacing = lacing[segmentCount..];
            body = body[length..];
            isStart = true;
        }

        if (_sampleCount == 0 || position < 0) return;
        _firstPosition ??= Math.Max(0, position - _sampleCount);
        _lastPosition = position;
    }

    private void ReadPacket(ReadOnlySpan<byte> bytes, bool isStart)
    {
        if (_packetNumber == 0 && isStart) ReadFirst(bytes);
        else if (_codec == Codec.Opus && isStart && _packetNumber >= OpusHeaderPackets) _sampleCount += OpusPacket.SampleCount(bytes);
        else if (_codec == Codec.Vorbis && _packetNumber == VorbisHeaderPackets - 1) _vorbis!.ReadSetup(bytes);
        else if (_codec == Codec.Vorbis && isStart && _packetNumber >= VorbisHeaderPackets) _sampleCount += _vorbis!.SampleCount(bytes);
    }

    private void ReadFirst(ReadOnlySpan<byte> packet)
    {
        if (packet.StartsWith("OpusHead"u8))
        {
            _codec = Codec.Opus;
            _sampleRateHz = OpusPacket.SampleRateHz;
        }
        else if (packet.StartsWith("\u0001vorbis"u8) && packet.Length > VorbisBlockSizesOffset)
        {
            _codec = Codec.Vorbis;
            _sampleRateHz = Math.Max(1, BinaryPrimitives.ReadUInt32LittleEndian(packet[VorbisRateOffset..]));
            _vorbis = new VorbisPackets(packet[VorbisBlockSizesOffset]);
        }
    }
}
