namespace Steno.Audio.Containers;

/// <summary>The length of an Opus packet, which its first two bytes tell (RFC 6716, section 3.1).</summary>
internal static class OpusPacket
{
    /// <summary>The rate that lengths are counted in, whatever the audio is.</summary>
    public const int SampleRateHz = 48000;

    /// <summary>Longest packet that the format allows: 120 ms.</summary>
    public const int MaxSampleCount = 5760;

    private const int MillisecondSamples = SampleRateHz / 1000;

    /// <summary>Samples of the packet.</summary>
    /// <param name="packet">Its first two bytes, or all of it.</param>
    public static int SampleCount(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty) return 0;
        int frameCount = (packet[0] & 3) switch
        {
            0 => 1,
            1 or 2 => 2,
            _ => packet.Length < 2 ? 0 : packet[1] & 0x3F,
        };
        return Math.Min(MaxSampleCount, frameCount * FrameSampleCount(packet[0] >> 3));
    }

    // Configurations 0 to 11 are SILK, 12 to 15 hybrid, 16 to 31 CELT.
    private static int FrameSampleCount(int configuration) => configuration switch
    {
        < 12 => (configuration & 3) == 3 ? 60 * MillisecondSamples : (10 * MillisecondSamples) << (configuration & 3),
        < 16 => (10 * MillisecondSamples) << (configuration & 1),
        _ => (MillisecondSamples * 5 / 2) << (configuration & 3),
    };
}
