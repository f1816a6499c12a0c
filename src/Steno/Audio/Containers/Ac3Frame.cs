namespace Steno.Audio.Containers;

/// <summary>The header of a frame of AC-3 or E-AC-3 (ETSI TS 102 366, sections 4.3 and E.1.2).</summary>
/// <param name="SizeBytes">Size of the frame, header included.</param>
/// <param name="SampleCount">Samples of each channel that it adds: none where it belongs to the frame before it.</param>
/// <param name="SampleRateHz">Samples in a second.</param>
/// <param name="IsEnhanced">True for E-AC-3.</param>
internal readonly record struct Ac3Frame(int SizeBytes, int SampleCount, int SampleRateHz, bool IsEnhanced)
{
    public const byte SyncByte = 0x0B;

    /// <summary>Bytes that tell all of it.</summary>
    public const int HeaderBytes = 6;

    private const int BlockSampleCount = 256;
    private const int Ac3BlockCount = 6;
    private const int LastAc3Version = 10;
    private const int LastEnhancedVersion = 16;

    private static ReadOnlySpan<int> Rates => [48000, 44100, 32000];

    private static ReadOnlySpan<short> KilobitRates => [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];

    private static ReadOnlySpan<byte> BlockCounts => [1, 2, 3, 6];

    /// <summary>Reads a header.</summary>
    /// <returns>False when these bytes are none.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Ac3Frame frame)
    {
        frame = default;
        if (bytes.Length < HeaderBytes || bytes[0] != SyncByte || bytes[1] != 0x77) return false;
        int version = bytes[5] >> 3;
        if (version <= LastAc3Version) return TryParseAc3(bytes, version, out frame);
        return version <= LastEnhancedVersion && TryParseEnhanced(bytes, out frame);
    }

    // Byte 4: 2 bits of rate, 6 of size. 1536 samples at the nominal bit rate, in words of 16 bits; at 44.1 kHz the lowest bit adds a word.
    private static bool TryParseAc3(ReadOnlySpan<byte> bytes, int version, out Ac3Frame frame)
    {
        frame = default;
        int rateCode = bytes[4] >> 6, sizeCode = bytes[4] & 0x3F;
        if (rateCode >= Rates.Length || sizeCode >> 1 >= KilobitRates.Length) return false;
        int rate = Rates[rateCode];
        int words = (KilobitRates[sizeCode >> 1] * 1000 / 16 * Ac3BlockCount * BlockSampleCount / rate) + (rate == 44100 ? sizeCode & 1 : 0);
        frame = new Ac3Frame(2 * words, Ac3BlockCount * BlockSampleCount, rate >> Math.Max(0, version - 8), IsEnhanced: false);
        return true;
    }

    // Bytes 2 and 3: 2 bits of type, 3 of the substream, 11 of size. Byte 4: 2 bits of rate, 2 of blocks; rate code 3 is half the rate of the next 2 bits.
    private static bool TryParseEnhanced(ReadOnlySpan<byte> bytes, out Ac3Frame frame)
    {
        frame = default;
        int type = bytes[2] >> 6, substream = (bytes[2] >> 3) & 7;
        int size = 2 * ((((bytes[2] & 7) << 8) | bytes[3]) + 1);
        int rateCode = bytes[4] >> 6, next = (bytes[4] >> 4) & 3;
        if (type == 3 || size < HeaderBytes || (rateCode == 3 && next == 3)) return false;
        int rate = rateCode == 3 ? Rates[next] / 2 : Rates[rateCode];
        int blocks = rateCode == 3 ? Ac3BlockCount : BlockCounts[next];
        bool isIndependent = type != 1 && substream == 0;
        frame = new Ac3Frame(size, isIndependent ? blocks * BlockSampleCount : 0, rate, IsEnhanced: true);
        return true;
    }
}
