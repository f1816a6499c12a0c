using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>Follows the packs and packets of an MPEG program stream (ISO 13818-1, section 2.5.3; ISO 11172-1, section 2.4.3), and the MPEG audio in them.</summary>
/// <remarks>
/// No header states a length. A cut between two packs, which all have one size in most files, is told by the frame of audio that lay across
/// it: ffmpeg says nothing of such a frame of MPEG audio. Zeros may stand between packs.
/// </remarks>
internal sealed class ProgramStreamWalk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private const int CodeBytes = 4;
    private const int PackBytes = 14;
    private const int OldPackBytes = 12;
    private const int PacketHeaderBytes = 6;
    private const byte FirstCode = 0xB9;
    private const byte EndCode = 0xB9;
    private const byte PackCode = 0xBA;
    private const byte FirstAudioCode = 0xC0;
    private const int AudioCodeCount = 32;

    private readonly AudioFrameTail?[] _tails = new AudioFrameTail?[AudioCodeCount];

    public override double Seconds => 0;

    protected override string UnitName => "MPEG packet";

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (bytes[0] == 0 && bytes.IndexOfAnyExcept((byte)0) is < 0 or > 2) return ZerosBefore(bytes, isAtEnd);
        if (bytes.Length < CodeBytes) return isAtEnd && !StartsLikeCode(bytes) ? GiveUp() : NeedMore(isAtEnd);
        if (!StartsLikeCode(bytes) || bytes[3] < FirstCode) return GiveUp();
        if (bytes[3] == EndCode) return CodeBytes;
        if (bytes.Length < PackBytes && !isAtEnd) return 0;
        if (bytes[3] == PackCode) return bytes.Length < OldPackBytes ? NeedMore(isAtEnd) : PackSize(bytes);
        if (bytes.Length < PacketHeaderBytes) return NeedMore(isAtEnd);

        int size = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (size == 0) return GiveUp();
        size += PacketHeaderBytes;
        int audio = bytes[3] - FirstAudioCode;
        if (audio is < 0 or >= AudioCodeCount) return size;
        if (bytes.Length < size) return NeedMore(isAtEnd);
        (_tails[audio] ??= new AudioFrameTail()).Add(Payload(bytes[..size]));
        return size;
    }

    protected override void CheckEnd()
    {
        if (Array.Exists(_tails, tail => tail?.IsCut == true)) throw Damage("the last frame of audio in it is not whole: it is cut off");
    }

    private static bool StartsLikeCode(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> prefix = [0, 0, 1];
        return prefix.StartsWith(bytes[..Math.Min(bytes.Length, prefix.Length)]);
    }

    // Two zeros belong to the code that follows.
    private static int ZerosBefore(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        int count = bytes.IndexOfAnyExcept((byte)0);
        if (count < 0) return isAtEnd ? bytes.Length : Math.Max(0, bytes.Length - 2);
        return count - 2;
    }

    private static int PackSize(ReadOnlySpan<byte> bytes)
    {
        bool isOld = (bytes[4] & 0xC0) != 0x40;
        return isOld ? OldPackBytes : PackBytes + (bytes.Length < PackBytes ? 0 : bytes[PackBytes - 1] & 7);
    }

    // Behind the length: of MPEG-2 two bytes of flags and the size of what else stands there; of MPEG-1 stuffing, the size of a buffer, and times.
    private static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> rest = packet[PacketHeaderBytes..];
        if (rest.Length >= 3 && (rest[0] & 0xC0) == 0x80) return rest[Math.Min(rest.Length, 3 + rest[2])..];
        int stuffing = rest.IndexOfAnyExcept((byte)0xFF);
        rest = stuffing < 0 ? [] : rest[stuffing..];
        if (rest.Length >= 2 && (rest[0] & 0xC0) == 0x40) rest = rest[2..];
        int times = rest.IsEmpty ? 0 : (rest[0] & 0xF0) switch { 0x20 => 5, 0x30 => 10, _ => 1 };
        return rest[Math.Min(rest.Length, times)..];
    }
}
