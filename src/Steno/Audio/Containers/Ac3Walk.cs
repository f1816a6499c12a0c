namespace Steno.Audio.Containers;

/// <summary>Follows bare frames of AC-3 and E-AC-3.</summary>
internal sealed class Ac3Walk(TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private double _seconds;

    public override double Seconds => _seconds;

    protected override string UnitName => "frame";

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (bytes.Length < Ac3Frame.HeaderBytes && !isAtEnd) return 0;
        if (!Ac3Frame.TryParse(bytes, out Ac3Frame frame)) return bytes[0] == Ac3Frame.SyncByte && bytes.Length < Ac3Frame.HeaderBytes ? NeedMore(isAtEnd) : GiveUp();
        _seconds += (double)frame.SampleCount / frame.SampleRateHz;
        return frame.SizeBytes;
    }
}
