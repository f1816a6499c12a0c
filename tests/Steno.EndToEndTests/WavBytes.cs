using System.Buffers.Binary;

namespace Steno.EndToEndTests;

/// <summary>Plain WAV files, with any field made wrong on purpose.</summary>
internal static class WavBytes
{
    private const int HeaderLength = 44;

    public const int Pcm = 1;

    public const int IeeeFloat = 3;

    public static byte[] Of(
        ReadOnlySpan<byte> data,
        int format = Pcm,
        int channelCount = 1,
        int sampleRateHz = 16000,
        int bitsPerSample = 16,
        uint? riffSize = null,
        uint? dataSize = null)
    {
        byte[] wav = new byte[HeaderLength + data.Length];
        Span<byte> header = wav;
        int frameBytes = channelCount * bitsPerSample / 8;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], riffSize ?? (uint)(wav.Length - 8));
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], (short)format);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], (short)channelCount);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], sampleRateHz * frameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], (short)frameBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], (short)bitsPerSample);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataSize ?? (uint)data.Length);
        data.CopyTo(header[HeaderLength..]);
        return wav;
    }

    /// <summary>Samples of quiet noise, 16 bits each.</summary>
    public static byte[] Noise(int sampleCount)
    {
        var random = new Random(1);
        byte[] samples = new byte[2 * sampleCount];
        for (int i = 0; i < sampleCount; i++)
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(2 * i), (short)random.Next(-300, 300));
        return samples;
    }

    public static byte[] Floats(int sampleCount, float value)
    {
        byte[] samples = new byte[4 * sampleCount];
        for (int i = 0; i < sampleCount; i++)
            BinaryPrimitives.WriteSingleLittleEndian(samples.AsSpan(4 * i), value);
        return samples;
    }
}
