namespace Steno.Audio.Containers;

/// <summary>Follows the frames of an AMR file (RFC 4867, section 5): each is a byte with its type and as many as the type says, for 20 ms.</summary>
internal sealed class AmrWalk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private const double FrameSeconds = 0.02;
    private const byte Unknown = 0xFF;

    private byte[]? _frameBytes;
    private long _frameCount;

    // By type, without the byte of the type: eight or nine rates, comfort noise, and frames that were lost or never sent.
    private static ReadOnlySpan<byte> NarrowBand => [12, 13, 15, 17, 19, 20, 26, 31, 5, Unknown, Unknown, Unknown, Unknown, Unknown, Unknown, 0];

    private static ReadOnlySpan<byte> WideBand => [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, Unknown, Unknown, Unknown, Unknown, 0, 0];

    public override double Seconds => _frameCount * FrameSeconds;

    protected override string UnitName => "AMR frame";

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (_frameBytes is null) return MeasureHeader(bytes, isAtEnd);
        int size = _frameBytes[(bytes[0] >> 3) & 15];
        if (size == Unknown) return GiveUp();
        _frameCount++;
        return 1 + size;
    }

    private long MeasureHeader(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        ReadOnlySpan<byte> narrow = "#!AMR\n"u8, wide = "#!AMR-WB\n"u8;
        if (bytes.Length < wide.Length && !isAtEnd) return 0;
        bool isNarrow = bytes.StartsWith(narrow);
        if (!isNarrow && !bytes.StartsWith(wide)) return GiveUp();
        _frameBytes = isNarrow ? NarrowBand.ToArray() : WideBand.ToArray();
        return isNarrow ? narrow.Length : wide.Length;
    }
}
