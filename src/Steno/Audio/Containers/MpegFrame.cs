namespace Steno.Audio.Containers;

/// <summary>The header of a frame of MPEG audio: layer I, II or III (ISO 11172-3, 13818-3 and MPEG 2.5), or AAC in ADTS (ISO 13818-7).</summary>
/// <param name="SizeBytes">Size of the frame, header included.</param>
/// <param name="SampleCount">Samples of each channel.</param>
/// <param name="SampleRateHz">Samples in a second.</param>
/// <param name="Layer">1 to 3; 0 for AAC.</param>
/// <param name="CountOffset">Where a first frame of layer III may hold the number of frames in place of audio.</param>
internal readonly record struct MpegFrame(int SizeBytes, int SampleCount, int SampleRateHz, int Layer, int CountOffset)
{
    /// <summary>Bytes that tell all of it.</summary>
    public const int HeaderBytes = 7;

    private const int VersionMpeg1 = 3;
    private const int VersionReserved = 1;

    private static ReadOnlySpan<int> AacRates => [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    private static ReadOnlySpan<int> Mpeg1Rates => [44100, 48000, 32000];

    // In kbit/s, from index 1 on; index 0 is a rate of the encoder's own, which frames do not tell.
    private static ReadOnlySpan<short> Mpeg1Layer1 => [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];

    private static ReadOnlySpan<short> Mpeg1Layer2 => [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];

    private static ReadOnlySpan<short> Mpeg1Layer3 => [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

    private static ReadOnlySpan<short> Mpeg2Layer1 => [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];

    private static ReadOnlySpan<short> Mpeg2Layers23 => [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

    /// <summary>Reads a header.</summary>
    /// <returns>False when these bytes are none, or one that does not tell the size of its frame.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out MpegFrame frame)
    {
        frame = default;
        if (bytes.Length < HeaderBytes || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0) return false;
        return (bytes[1] & 0x06) == 0 ? TryParseAac(bytes, out frame) : TryParseLayer(bytes, out frame);
    }

    /// <summary>Whether two frames can be of one recording.</summary>
    public bool IsLike(MpegFrame other) => Layer == other.Layer && SampleRateHz == other.SampleRateHz && SampleCount == other.SampleCount;

    private static bool TryParseAac(ReadOnlySpan<byte> bytes, out MpegFrame frame)
    {
        frame = default;
        int rate = (bytes[2] >> 2) & 15;
        int size = ((bytes[3] & 3) << 11) | (bytes[4] << 3) | (bytes[5] >> 5);
        if ((bytes[1] & 0xF0) != 0xF0 || rate >= AacRates.Length || size < HeaderBytes) return false;
        frame = new MpegFrame(size, 1024 * ((bytes[6] & 3) + 1), AacRates[rate], Layer: 0, CountOffset: 0);
        return true;
    }

    private static bool TryParseLayer(ReadOnlySpan<byte> bytes, out MpegFrame frame)
    {
        frame = default;
        int version = (bytes[1] >> 3) & 3;
        int layer = 4 - ((bytes[1] >> 1) & 3);
        int bitRateIndex = bytes[2] >> 4;
        int rateIndex = (bytes[2] >> 2) & 3;
        if (version == VersionReserved || bitRateIndex is 0 or 15 || rateIndex == 3 || (bytes[3] & 3) == 2) return false;

        bool isMpeg1 = version == VersionMpeg1;
        int rate = Mpeg1Rates[rateIndex] >> (isMpeg1 ? 0 : version == 0 ? 2 : 1);
        int bitRate = 1000 * BitRates(isMpeg1, layer)[bitRateIndex - 1];
        int padding = (bytes[2] >> 1) & 1;
        int sampleCount = layer == 1 ? 384 : layer == 3 && !isMpeg1 ? 576 : 1152;
        int size = layer == 1 ? ((12 * bitRate / rate) + padding) * 4 : (sampleCount / 8 * bitRate / rate) + padding;
        bool isMono = bytes[3] >> 6 == 3;
        int sideInformation = isMpeg1 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
        frame = new MpegFrame(size, sampleCount, rate, layer, layer == 3 ? 4 + sideInformation : 0);
        return true;
    }

    private static ReadOnlySpan<short> BitRates(bool isMpeg1, int layer) => (isMpeg1, layer) switch
    {
        (true, 1) => Mpeg1Layer1,
        (true, 2) => Mpeg1Layer2,
        (true, _) => Mpeg1Layer3,
        (false, 1) => Mpeg2Layer1,
        _ => Mpeg2Layers23,
    };
}
