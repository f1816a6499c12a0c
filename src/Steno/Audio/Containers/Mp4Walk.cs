namespace Steno.Audio.Containers;

/// <summary>Follows the boxes of an MP4 file (ISO 14496-12), and of one in fragments those inside each <c>moof</c>.</summary>
/// <remarks>
/// A file in fragments has no table of all of them: where a box is no box, decoders look for the next fragment without a word. What stands
/// behind the last box of another file is not looked at.
/// </remarks>
internal sealed class Mp4Walk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    /// <summary>Boxes that are longer are not looked into.</summary>
    private const int MaxReadBytes = 64 * 1024;

    private readonly Mp4Timeline _timeline = new();
    private bool _isFragmented;
    private bool _isAudio;
    private bool _isBehind;

    public override double Seconds => 0;

    protected override string UnitName => "MP4 box";

    protected override long Slack => _isAudio || _isFragmented ? 0 : long.MaxValue;

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (bytes.Length < Mp4Box.LargeHeaderBytes && !isAtEnd) return 0;
        if (_isBehind || !Mp4Box.TryRead(bytes, out Mp4Box box)) return MeasureOther(bytes);
        _isAudio = Mp4Box.IsOfType(bytes, "mdat"u8) || Mp4Box.IsOfType(bytes, "moov"u8) || Mp4Box.IsOfType(bytes, "moof"u8);
        bool isFragment = Mp4Box.IsOfType(bytes, "moof"u8);
        _isFragmented |= isFragment;
        if (box.SizeBytes > MaxReadBytes || !(isFragment || Mp4Box.IsOfType(bytes, "moov"u8))) return box.SizeBytes;

        if (bytes.Length < box.SizeBytes) return isAtEnd ? box.SizeBytes : 0;
        ReadOnlySpan<byte> content = bytes[box.HeaderBytes..(int)box.SizeBytes];
        if (!isFragment) _isFragmented |= content.IndexOf("mvex"u8) >= 0;
        else if (!_timeline.TryAdd(content, out string? damage)) throw Damage($"the fragment at byte {Position} {damage}");
        return box.SizeBytes;
    }

    // A size of 0 says that the box goes to the end; zeros may follow the last one.
    private long MeasureOther(ReadOnlySpan<byte> bytes)
    {
        bool isLast = bytes.Length < Mp4Box.MinBytes || TrailingTag.Begins(bytes) || (bytes[..4].IndexOfAnyExcept((byte)0) < 0 && bytes[4] != 0);
        if (!_isFragmented || (isLast && !_isBehind)) return GiveUp();
        _isBehind = bytes.IndexOfAnyExcept((byte)0) < 0;
        return _isBehind ? bytes.Length : throw Damage($"no MP4 box begins at byte {Position}, where one must: the file is damaged");
    }
}
