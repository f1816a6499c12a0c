namespace Steno.Audio.Containers;

/// <summary>Follows frames of MPEG audio or AAC through the packets that carry them, and tells whether the last one is whole.</summary>
/// <remarks>A recording may begin in the middle of a frame, and other audio has headers of its own: only what was followed for a while is judged.</remarks>
internal sealed class AudioFrameTail
{
    /// <summary>Frames in a row that other audio has not by chance.</summary>
    private const int EnoughFrames = 4;

    private readonly byte[] _header = new byte[MpegFrame.HeaderBytes];
    private MpegFrame _last;
    private int _headerLength;
    private int _toSkip;
    private int _followedCount;

    /// <summary>Whether the bytes end inside a frame.</summary>
    public bool IsCut => _followedCount >= EnoughFrames && (_toSkip > 0 || (_headerLength > 0 && _header[0] == 0xFF));

    /// <summary>Takes in what the next packet carries.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int skipped = Math.Min(_toSkip, bytes.Length);
            _toSkip -= skipped;
            bytes = bytes[skipped..];
            int count = Math.Min(MpegFrame.HeaderBytes - _headerLength, bytes.Length);
            bytes[..count].CopyTo(_header.AsSpan(_headerLength));
            _headerLength += count;
            bytes = bytes[count..];
            if (_headerLength == MpegFrame.HeaderBytes) ReadHeader();
        }
    }

    // A wrong start is found by the frame that does not follow it: the search goes on a byte further.
    private void ReadHeader()
    {
        if (MpegFrame.TryParse(_header, out MpegFrame frame) && frame.SizeBytes > MpegFrame.HeaderBytes && (_followedCount == 0 || frame.IsLike(_last)))
        {
            _last = frame;
            _followedCount++;
            _toSkip = frame.SizeBytes - MpegFrame.HeaderBytes;
            _headerLength = 0;
            return;
        }

        _followedCount = 0;
        _headerLength--;
        _header.AsSpan(1).CopyTo(_header);
    }
}
