namespace Steno.Audio.Containers;

/// <summary>The lengths of the packets of a Vorbis stream (Vorbis I specification, sections 4.2 and 4.3).</summary>
/// <remarks>
/// Each packet is a block of one of two sizes, and two neighbours give a quarter of each. Its first bits are 0 and the number of its mode;
/// the modes, which say what size, end the setup header: <c>count - 1</c> in 6 bits, for each mode a bit for the larger block, 32 bits of
/// zero and the 8-bit number of a mapping, at last a bit of one. So they are found from the end, without the code books before them.
/// </remarks>
internal sealed class VorbisPackets
{
    private const int ModeBits = 41;
    private const int CountBits = 6;
    private const int ZeroBits = 32;
    private const int MaxModeCount = 64;
    private const int MaxMapping = 63;

    /// <summary>Bytes that hold the largest number of modes.</summary>
    private const int TailBytes = 336;

    private readonly int _smallBlock;
    private readonly int _largeBlock;
    private readonly byte[] _tail = new byte[TailBytes];
    private bool[]? _isLarge;
    private int _lastBlock;

    /// <summary>Begins with the byte of the first header that holds the sizes: powers of two, the smaller in the low four bits.</summary>
    public VorbisPackets(byte blockSizes)
    {
        _smallBlock = 1 << (blockSizes & 15);
        _largeBlock = 1 << (blockSizes >> 4);
    }

    /// <summary>Takes in a part of the setup header.</summary>
    public void ReadSetup(ReadOnlySpan<byte> part)
    {
        ReadOnlySpan<byte> kept = part.Length > TailBytes ? part[^TailBytes..] : part;
        _tail.AsSpan(kept.Length).CopyTo(_tail);
        kept.CopyTo(_tail.AsSpan(TailBytes - kept.Length));
    }

    /// <summary>Samples that a packet of audio adds.</summary>
    public int SampleCount(ReadOnlySpan<byte> packet)
    {
        _isLarge ??= FindModes(_tail);
        if (packet.IsEmpty || (packet[0] & 1) != 0) return 0;
        int mode = (packet[0] >> 1) & ((1 << BitLength(_isLarge.Length - 1)) - 1);
        int block = mode < _isLarge.Length && _isLarge[mode] ? _largeBlock : _smallBlock;
        int count = _lastBlock == 0 ? 0 : (_lastBlock / 4) + (block / 4);
        _lastBlock = block;
        return count;
    }

    // Of several numbers of modes that fit, the largest: the others are a part of it.
    private static bool[] FindModes(ReadOnlySpan<byte> tail)
    {
        int last = tail.LastIndexOfAnyExcept((byte)0);
        if (last < 0) return [false];
        int end = (last * 8) + BitLength(tail[last]) - 1;
        int found = 0;
        for (int count = 1; count <= MaxModeCount && end - (count * ModeBits) >= CountBits; count++)
        {
            int start = end - (count * ModeBits);
            if (Bits(tail, start + 1, ZeroBits) != 0 || Bits(tail, start + 1 + ZeroBits, 8) > MaxMapping) break;
            if (Bits(tail, start - CountBits, CountBits) == (ulong)(count - 1)) found = count;
        }

        bool[] isLarge = new bool[Math.Max(1, found)];
        for (int mode = 0; mode < found; mode++) isLarge[mode] = Bits(tail, end - ((found - mode) * ModeBits), 1) != 0;
        return isLarge;
    }

    private static ulong Bits(ReadOnlySpan<byte> bytes, int start, int count)
    {
        ulong value = 0;
        for (int i = count - 1; i >= 0; i--) value = (value << 1) | (uint)((bytes[(start + i) >> 3] >> ((start + i) & 7)) & 1);
        return value;
    }

    private static int BitLength(int value) => 32 - int.LeadingZeroCount(value);
}
