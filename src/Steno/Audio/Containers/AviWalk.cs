using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>Follows the chunks of an AVI file, and those inside its lists of audio and pictures (<c>movi</c>).</summary>
/// <remarks>
/// Where a chunk of such a list is no chunk, decoders look for the next one without a word. Sound files have empty space (JUNK, zeros), lists
/// inside the list (rec), indexes (ix00), further forms (AVIX), and no byte of padding behind an odd size.
/// </remarks>
internal sealed class AviWalk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private const int FormHeaderBytes = 12;
    private const int HeaderBytes = 8;
    private const long UnknownEnd = long.MaxValue;

    /// <summary>Writers count a header of 8 bytes too many, or leave out the byte of padding.</summary>
    private const int SlackBytes = 9;

    private long _formEnd = UnknownEnd;
    private long _listEnd = UnknownEnd;
    private bool _isInList;
    private bool _isOdd;

    public override double Seconds => 0;

    protected override string UnitName => "AVI chunk";

    protected override long Slack => _isInList ? SlackBytes : long.MaxValue;

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (bytes.Length <= FormHeaderBytes && !isAtEnd) return 0;
        if (bytes.Length < HeaderBytes) return bytes.Length;
        bool wasOdd = _isOdd;
        _isOdd = false;
        if (wasOdd && IsPlausible(bytes[1..])) return 1;
        if (bytes.StartsWith("RIFF"u8)) return BeginForm(bytes);
        if (bytes[0] == 0) return bytes.IndexOfAnyExcept((byte)0) is > 0 and var zeros ? zeros : bytes.Length;
        if (_isInList && (Position >= _listEnd || bytes.StartsWith("idx1"u8))) _isInList = false;
        return _isInList ? MeasureInList(bytes) : MeasureOutside(bytes);
    }

    protected override void CheckEnd()
    {
        if (_isInList && _listEnd != UnknownEnd && _listEnd > Position + SlackBytes)
            throw Damage($"the file ends inside the AVI list that goes to byte {_listEnd}: it is cut off");
    }

    private static uint SizeOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);

    private static bool IsPlausible(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && RiffChunk.IsPlausibleId(BinaryPrimitives.ReadUInt32LittleEndian(bytes));

    private static bool IsList(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> type) => bytes.StartsWith("LIST"u8) && bytes[HeaderBytes..].StartsWith(type);

    // Two digits for the stream and two characters for what it is, such as 01wb.
    private static bool IsOfStream(ReadOnlySpan<byte> bytes) =>
        bytes[0] is >= (byte)'0' and <= (byte)'9' && bytes[1] is >= (byte)'0' and <= (byte)'9' && bytes[2] is >= (byte)' ' and <= (byte)'~' && bytes[3] is >= (byte)' ' and <= (byte)'~';

    private static bool IsOther(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("JUNK"u8) || bytes.StartsWith("LIST"u8) || bytes.StartsWith("ix"u8) || bytes.StartsWith("indx"u8);

    // What writes to a pipe cannot know sizes; they stand as zero or near the largest.
    private long EndOf(ReadOnlySpan<byte> bytes) => SizeOf(bytes) is 0 or >= 0x7FFF0000 and <= 0x80000000 or >= 0xFFFF0000 ? UnknownEnd : Position + HeaderBytes + SizeOf(bytes);

    private int BeginForm(ReadOnlySpan<byte> bytes)
    {
        _isInList = false;
        _formEnd = EndOf(bytes);
        return FormHeaderBytes;
    }

    private long MeasureOutside(ReadOnlySpan<byte> bytes)
    {
        if (IsList(bytes, "movi"u8))
        {
            _isInList = true;
            _listEnd = EndOf(bytes);
            return FormHeaderBytes;
        }

        return IsPlausible(bytes) ? Take(bytes) : Position + SlackBytes >= _formEnd || _formEnd == UnknownEnd ? GiveUp() : throw NoChunk();
    }

    private long MeasureInList(ReadOnlySpan<byte> bytes)
    {
        if (IsList(bytes, "rec "u8)) return FormHeaderBytes;
        if (IsOfStream(bytes) || IsOther(bytes))
        {
            long end = Position + HeaderBytes + SizeOf(bytes);
            if (_listEnd != UnknownEnd && end > _listEnd + SlackBytes) throw Damage($"the AVI chunk at byte {Position} ends behind its list: the file is damaged");
            return Take(bytes);
        }

        bool isBehind = _listEnd == UnknownEnd ? TrailingTag.Begins(bytes) : Position + SlackBytes >= _listEnd;
        return isBehind ? GiveUp() : throw NoChunk();
    }

    private long Take(ReadOnlySpan<byte> bytes)
    {
        _isOdd = (SizeOf(bytes) & 1) != 0;
        return HeaderBytes + (long)SizeOf(bytes);
    }

    private AudioFormatException NoChunk() => Damage($"no AVI chunk begins at byte {Position}, where one must: the file is damaged");
}
