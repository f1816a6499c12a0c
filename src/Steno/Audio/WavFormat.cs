using System.Buffers.Binary;

namespace Steno.Audio;

/// <summary>What the <c>fmt </c> chunk of a WAV file says.</summary>
/// <param name="Encoding">How one sample is stored.</param>
/// <param name="ChannelCount">Samples per frame, 1 to <see cref="MaximumChannelCount"/>.</param>
/// <param name="SampleRateHz">Frames per second, <see cref="MinimumSampleRateHz"/> to <see cref="MaximumSampleRateHz"/>.</param>
/// <param name="BytesPerSample">1, 2, 3, 4 or 8.</param>
internal readonly record struct WavFormat(WavEncoding Encoding, int ChannelCount, int SampleRateHz, int BytesPerSample)
{
    /// <summary>Below 1 kHz there is no speech, and a few bytes would claim hours.</summary>
    public const int MinimumSampleRateHz = 1_000;

    /// <summary>Above the rates of every recorder.</summary>
    public const int MaximumSampleRateHz = 1_000_000;

    /// <summary>More than any microphone array in use; bounds the size of a frame.</summary>
    public const int MaximumChannelCount = 256;

    /// <summary>Most bytes of a chunk that hold anything: the extensible form.</summary>
    public const int MaximumChunkBytes = 40;

    /// <summary>The format tag that stands for the one in the sub-format.</summary>
    public const int ExtensibleTag = 0xFFFE;

    private const string ConversionHint = "Convert it first, for example with 'ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav'.";

    private const int MinimumChunkBytes = 16;
    private const int PcmTag = 0x0001;
    private const int FloatTag = 0x0003;
    private const int ALawTag = 0x0006;
    private const int MuLawTag = 0x0007;

    /// <summary>Bytes of one sample of every channel.</summary>
    public int BytesPerFrame => BytesPerSample * ChannelCount;

    // Every sub-format that stands for a format tag is the tag followed by these bytes.
    private static ReadOnlySpan<byte> TagGuidTail => [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <summary>Whether Steno itself reads samples of a format tag.</summary>
    public static bool IsReadable(int tag) => tag is PcmTag or FloatTag or ALawTag or MuLawTag;

    /// <summary>Reads and checks the chunk.</summary>
    /// <param name="chunk">Its bytes; those after <see cref="MaximumChunkBytes"/> may be missing.</param>
    /// <param name="fault">Makes the exception of a message.</param>
    /// <exception cref="AudioFormatException">The chunk is too short, contradicts itself, or names a format that Steno does not read.</exception>
    public static WavFormat Parse(ReadOnlySpan<byte> chunk, Func<string, AudioFormatException> fault)
    {
        if (chunk.Length < MinimumChunkBytes)
            throw fault($"the fmt chunk has {chunk.Length} bytes; it takes at least {MinimumChunkBytes}.");

        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        int channelCount = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        uint sampleRateHz = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int bytesPerFrame = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bitsPerSample = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);

        if (channelCount is < 1 or > MaximumChannelCount)
            throw fault($"the fmt chunk says {channelCount} channels; Steno reads 1 to {MaximumChannelCount}.");
        if (sampleRateHz is < MinimumSampleRateHz or > MaximumSampleRateHz)
            throw fault($"the fmt chunk says a sample rate of {sampleRateHz} Hz; Steno reads {MinimumSampleRateHz} to {MaximumSampleRateHz} Hz.");
        if (tag == ExtensibleTag) tag = ExtensibleFormatTag(chunk, bitsPerSample, fault);

        WavEncoding encoding = EncodingOf(tag, bitsPerSample, fault);
        var format = new WavFormat(encoding, channelCount, (int)sampleRateHz, bitsPerSample / 8);
        if (bytesPerFrame != format.BytesPerFrame)
            throw fault($"the fmt chunk says {bytesPerFrame} bytes per frame, but {channelCount} channels of {bitsPerSample} bits take {format.BytesPerFrame}.");
        return format;
    }

    private static int ExtensibleFormatTag(ReadOnlySpan<byte> chunk, int bitsPerSample, Func<string, AudioFormatException> fault)
    {
        if (chunk.Length < MaximumChunkBytes)
            throw fault($"the fmt chunk says WAVE_FORMAT_EXTENSIBLE, which takes {MaximumChunkBytes} bytes, but it has {chunk.Length}.");

        // Valid bits stand at the top of the container, so they do not change the scale; 0 means all of them.
        int validBits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[18..]);
        if (validBits > bitsPerSample)
            throw fault($"the fmt chunk says {validBits} valid bits in samples of {bitsPerSample} bits.");

        ReadOnlySpan<byte> subFormat = chunk.Slice(24, 16);
        if (!subFormat[2..].SequenceEqual(TagGuidTail))
            throw fault($"the fmt chunk has the unknown sub-format {new Guid(subFormat)}. {ConversionHint}");
        return BinaryPrimitives.ReadUInt16LittleEndian(subFormat);
    }

    private static WavEncoding EncodingOf(int tag, int bitsPerSample, Func<string, AudioFormatException> fault) => (tag, bitsPerSample) switch
    {
        (PcmTag, 8) => WavEncoding.Pcm8,
        (PcmTag, 16) => WavEncoding.Pcm16,
        (PcmTag, 24) => WavEncoding.Pcm24,
        (PcmTag, 32) => WavEncoding.Pcm32,
        (FloatTag, 32) => WavEncoding.Float32,
        (FloatTag, 64) => WavEncoding.Float64,
        (ALawTag, 8) => WavEncoding.ALaw,
        (MuLawTag, 8) => WavEncoding.MuLaw,
        (PcmTag, _) => throw fault($"the fmt chunk says PCM with {bitsPerSample} bits per sample; Steno reads 8, 16, 24 and 32."),
        (FloatTag, _) => throw fault($"the fmt chunk says floating point with {bitsPerSample} bits per sample; Steno reads 32 and 64."),
        (ALawTag or MuLawTag, _) => throw fault($"the fmt chunk says G.711 with {bitsPerSample} bits per sample; there are 8."),
        _ => throw fault($"the audio is stored as {CodecName(tag)}, which Steno does not decode. {ConversionHint}"),
    };

    private static string CodecName(int tag)
    {
        string? name = tag switch
        {
            0x0002 => "Microsoft ADPCM",
            0x0011 => "IMA ADPCM",
            0x0022 => "TrueSpeech",
            0x0031 => "GSM 6.10",
            0x0040 => "G.721 ADPCM",
            0x0042 => "G.723.1",
            0x0045 => "G.726 ADPCM",
            0x0050 => "MPEG layer 1 or 2",
            0x0055 => "MP3",
            0x00FF or 0x1600 or 0x1610 => "AAC",
            0x0160 or 0x0161 or 0x0162 or 0x0163 => "Windows Media Audio",
            0x0270 => "ATRAC3",
            0x2000 => "AC-3",
            0x2001 => "DTS",
            0x674F or 0x6750 or 0x6751 or 0x676F or 0x6770 or 0x6771 => "Vorbis",
            0x704F => "Opus",
            0xF1AC => "FLAC",
            _ => null,
        };
        return name is null ? $"format tag 0x{tag:X4}" : $"{name} (format tag 0x{tag:X4})";
    }
}
