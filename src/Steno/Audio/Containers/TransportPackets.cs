namespace Steno.Audio.Containers;

/// <summary>Packets of an MPEG transport stream (ISO 13818-1, section 2.4.3): 188 bytes, with 4 bytes of time before or 16 of correction after them in some files.</summary>
/// <param name="Offset">Where the first whole packet begins.</param>
/// <param name="StrideBytes">From one packet to the next.</param>
/// <param name="SyncOffset">Where in a packet its mark stands.</param>
internal readonly record struct TransportPackets(int Offset, int StrideBytes, int SyncOffset)
{
    public const byte SyncByte = 0x47;

    private const int PacketBytes = 188;
    private const int TimedBytes = 192;
    private const int CorrectedBytes = 204;
    private const int HeaderBytes = 5;

    /// <summary>Packets in a row that samples have not by chance.</summary>
    private const int Count = 5;

    private const int NullPid = 0x1FFF;

    /// <summary>Looks for packets.</summary>
    /// <param name="start">The first bytes; 1300 of them are enough.</param>
    public static TransportPackets? Find(ReadOnlySpan<byte> start)
    {
        foreach (int stride in (ReadOnlySpan<int>)[PacketBytes, TimedBytes, CorrectedBytes])
        {
            for (int sync = 0; sync + ((Count - 1) * stride) + HeaderBytes <= start.Length; sync++)
            {
                if (start[sync] != SyncByte || !ArePackets(start[sync..], stride)) continue;
                int syncOffset = TimedBytes == stride ? TimedBytes - PacketBytes : 0;
                return new TransportPackets(sync >= syncOffset ? sync - syncOffset : sync - syncOffset + stride, stride, syncOffset);
            }
        }

        return null;
    }

    // Samples that repeat have the mark at every place and the same bytes behind it; packets of one stream are numbered, unless they carry nothing.
    private static bool ArePackets(ReadOnlySpan<byte> bytes, int stride)
    {
        if (bytes[..stride].SequenceEqual(bytes.Slice(stride, stride)) && bytes[..stride].SequenceEqual(bytes.Slice(2 * stride, stride))) return false;
        Span<int> lastNumber = stackalloc int[Count];
        Span<int> pids = stackalloc int[Count];
        bool hasContent = false;
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<byte> header = bytes.Slice(i * stride, HeaderBytes);
            if (header[0] != SyncByte || (header[1] & 0x80) != 0) return false;
            bool hasFields = (header[3] & 0x20) != 0, hasPayload = (header[3] & 0x10) != 0;
            if (!hasFields && !hasPayload) return false;
            hasContent |= hasPayload;
            if (hasFields && header[4] > (hasPayload ? PacketBytes - HeaderBytes - 1 : PacketBytes - HeaderBytes)) return false;

            pids[i] = ((header[1] & 0x1F) << 8) | header[2];
            lastNumber[i] = header[3] & 15;
            int earlier = pids[..i].LastIndexOf(pids[i]);
            if (earlier < 0 || pids[i] == NullPid) continue;
            if (lastNumber[i] != ((lastNumber[earlier] + (hasPayload ? 1 : 0)) & 15)) return false;
        }

        return hasContent && pids[0] != NullPid;
    }
}
