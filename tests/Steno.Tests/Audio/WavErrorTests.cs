using Steno.Audio;
using Steno.Audio.Decoders;

namespace Steno.Tests.Audio;

public sealed class WavErrorTests
{
    [Theory]
    [InlineData("adpcm-ms.wav")]
    [InlineData("adpcm-ima.wav")]
    [InlineData("mp3.wav")]
    [InlineData("gsm.wav")]
    public async Task Compressed_samples_are_named_with_a_way_out_where_there_is_no_decoder(string file)
    {
        var options = new AudioInputOptions { Decoders = new DecoderSettings { Ffmpeg = DecoderSettings.None, Sndfile = DecoderSettings.None } };
        var fault = await Assert.ThrowsAsync<AudioFormatException>(async () =>
            await AudioInput.OpenFileAsync(AudioFixtures.PathOf("other", file), options, CancellationToken.None));

        Assert.Contains("WAV with compressed audio", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ffmpeg", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, 16000u, 16, null, "0 channels")]
    [InlineData(1, 257, 16000u, 16, null, "257 channels")]
    [InlineData(1, 1, 0u, 16, null, "0 Hz")]
    [InlineData(1, 1, 999u, 16, null, "999 Hz")]
    [InlineData(1, 1, 1000001u, 16, null, "1000001 Hz")]
    [InlineData(1, 1, 0xFFFFFFFFu, 16, null, "4294967295 Hz")]
    [InlineData(1, 1, 16000u, 0, null, "0 bits")]
    [InlineData(1, 1, 16000u, 12, 2, "12 bits")]
    [InlineData(1, 1, 16000u, 64, null, "64 bits")]
    [InlineData(3, 1, 16000u, 16, null, "16 bits")]
    [InlineData(6, 1, 16000u, 16, null, "16 bits")]
    [InlineData(1, 2, 16000u, 16, 2, "2 bytes per frame, but 2 channels of 16 bits take 4")]
    [InlineData(1, 1, 16000u, 24, 4, "4 bytes per frame")]
    [InlineData(0x1234, 1, 16000u, 16, null, "format tag 0x1234")]
    public async Task A_format_that_contradicts_itself_is_an_error(int tag, int channels, uint rate, int bits, int? bytesPerFrame, string message)
    {
        byte[] file = new WavBuilder().Format(tag, channels, rate, bits, bytesPerFrame).Samples(null, 1, 2).Build();

        await AssertFault(message, file);
    }

    [Fact]
    public async Task An_extensible_format_is_checked_too()
    {
        await AssertFault("17 valid bits", new WavBuilder().ExtensibleFormat(1, 16, 17, 1).Samples(null, 1).Build());
        await AssertFault("unknown sub-format", new WavBuilder().ExtensibleFormat(1, 16, 16, 1, lastGuidByte: 0).Samples(null, 1).Build());
        await AssertFault("Microsoft ADPCM", new WavBuilder().ExtensibleFormat(1, 16, 16, 2).Samples(null, 1).Build());
        await AssertFault("takes 40 bytes, but it has 16", new WavBuilder().Format(0xFFFE).Samples(null, 1).Build());
    }

    [Fact]
    public async Task A_file_that_is_no_WAV_is_an_error()
    {
        await AssertFault("empty", []);
        await AssertFault("11 bytes are too few", "RIFF\0\0\0\0WAV"u8.ToArray());
        await AssertFault("not a WAV file", "Hello, dear listener!"u8.ToArray());
        await AssertFault("RIFF file of type 'AVI '", new WavBuilder(type: "AVI ").Build());
        await AssertFault("no 'fmt ' chunk", new WavBuilder().Build());
        await AssertFault("no 'data' chunk", new WavBuilder().Format().Chunk("LIST", "INFO"u8).Build());
    }

    [Fact]
    public async Task Chunks_that_come_twice_are_an_error()
    {
        await AssertFault("second 'fmt '", new WavBuilder().Format().Format().Samples(null, 1).Build());
        await AssertFault("second 'data' chunk at byte 46", new WavBuilder().Format().Samples(null, 1).Samples(null, 2).Build());
        await AssertFault("second 'data' chunk at byte 22", new WavBuilder().Samples(null, 1).Samples(null, 2).Format().Build());
    }

    [Fact]
    public async Task Two_files_in_one_stream_are_an_error()
    {
        byte[] one = new WavBuilder().Format().Samples(null, 1).Build();

        await AssertFault("second WAV file follows at byte 46", [.. one, .. one]);
    }

    [Fact]
    public async Task A_file_that_is_cut_off_is_an_error_at_every_byte()
    {
        byte[] file = new WavBuilder().Format().Chunk("LIST", "INFOabc"u8).Samples(null, 1, 2, 3, 4, 5).Build();

        for (int length = 0; length < file.Length; length++)
            await FaultOf(file[..length]);
        await AssertFault("claims 10 bytes, but only 4 are there", file[..^6]);
    }

    [Theory]
    [InlineData(1000u)]
    [InlineData(0x7FFFE000u)]
    [InlineData(0x80000002u)]
    [InlineData(0xFFFFFE00u)]
    public async Task A_size_beyond_the_end_is_an_error_unless_it_is_a_known_placeholder(uint size)
    {
        await AssertFault($"claims {size} bytes, but only 2 are there", new WavBuilder().Format().Samples(size, 1).Build());
    }

    [Fact]
    public async Task Sizes_of_64_bits_that_lie_are_an_error()
    {
        byte[] sizes = [.. BitConverter.GetBytes(1L << 60), .. BitConverter.GetBytes(1L << 60), .. new byte[12]];
        await AssertFault("claims 1152921504606846976 bytes", new WavBuilder("RF64", uint.MaxValue).Chunk("ds64", sizes).Format().Samples(uint.MaxValue, 1).Build());
        await AssertFault("'ds64' chunk", new WavBuilder("RF64", uint.MaxValue).Chunk("ds64", sizes.AsSpan(0, 20)).Format().Samples(uint.MaxValue, 1).Build());
    }

    [Fact]
    public async Task Samples_that_are_no_whole_frames_are_an_error()
    {
        await AssertFault("not a whole number of frames of 4 bytes", new WavBuilder().Format(channels: 2).Samples(null, 1, 2, 3).Build());
        await AssertFault("ends inside frame 1: 2 of 4 bytes are there", new WavBuilder(formSize: 0).Format(channels: 2).Samples(0, 1, 2, 3).Build());
    }

    [Fact]
    public async Task Bytes_that_no_chunk_accounts_for_are_an_error()
    {
        byte[] tooSmall = new WavBuilder().Format().Samples(4, 1, 2, 300, 400, 500, 600).Build();
        await AssertFault("bytes that belong to no chunk", tooSmall);

        byte[] file = new WavBuilder().Format().Samples(null, 1).Build();
        await AssertFault("goes on for more than", [.. file, .. new byte[(1 << 20) + 100]]);
    }

    [Fact]
    public async Task A_chunk_before_the_samples_that_reaches_beyond_the_end_is_an_error()
    {
        await AssertFault("'LIST' at byte 36 claims 4294967295 bytes", new WavBuilder().Format().Chunk("LIST", [1, 2], size: uint.MaxValue).Samples(null, 1).Build());
    }

    [Fact]
    public async Task Endless_tiny_chunks_are_an_error()
    {
        var builder = new WavBuilder().Format();
        for (int i = 0; i < 2000; i++)
            builder.Chunk("LIST", []);

        await AssertFault("more than 1024 chunks", builder.Samples(null, 1).Build());
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "Infinity")]
    [InlineData(3e9f, "3E+09")]
    [InlineData(-3e38f, "-3E+38")]
    public async Task A_sample_that_is_no_sound_is_an_error_that_tells_its_place(float value, string text)
    {
        float[] samples = new float[16000];
        samples[9001] = value;
        byte[] single = [.. samples.SelectMany(BitConverter.GetBytes)];
        byte[] wide = [.. samples.SelectMany(sample => BitConverter.GetBytes((double)sample))];

        foreach ((int bits, byte[] data) in ((int, byte[])[])[(32, single), (64, wide)])
        {
            string message = await FaultOf(new WavBuilder().Format(3, channels: 2, bits: bits).Chunk("data", data).Build());
            Assert.Contains("sample 4500 (0.281 s) of channel 2", message, StringComparison.Ordinal);
            Assert.Contains(text, message, StringComparison.Ordinal);
        }
    }

    private static async Task AssertFault(string part, byte[] file) => Assert.Contains(part, await FaultOf(file), StringComparison.Ordinal);

    private static async Task<string> FaultOf(byte[] file)
    {
        await Assert.ThrowsAsync<AudioFormatException>(() => AudioFixtures.ReadWavAsync(new ForwardOnlyStream(file)));
        return (await Assert.ThrowsAsync<AudioFormatException>(() => AudioFixtures.ReadWavAsync(file))).Message;
    }
}
