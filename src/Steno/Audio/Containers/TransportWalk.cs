namespace Steno.Audio.Containers;

/// <summary>Follows the packets of an MPEG transport stream, which all have one size.</summary>
internal sealed class TransportWalk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private const int AlignmentBytes = 2048;

    private TransportPackets? _packets;

    public override double Seconds => 0;

    protected override string UnitName => "packet";

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (_packets is not { } packets)
        {
            if (bytes.Length < AlignmentBytes && !isAtEnd) return 0;
            if (TransportPackets.Find(bytes[..Math.Min(bytes.Length, AlignmentBytes)]) is not { } found) return GiveUp();
            _packets = packets = found;
            if (found.Offset > 0) return found.Offset;
        }

        if (bytes.Length <= packets.SyncOffset) return NeedMore(isAtEnd);
        return bytes[packets.SyncOffset] == TransportPackets.SyncByte ? packets.StrideBytes : GiveUp();
    }
}
