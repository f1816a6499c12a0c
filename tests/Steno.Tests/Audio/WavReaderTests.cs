using Steno.Audio;

namespace Steno.Tests.Audio;

/// <summary>Files written by SoX, ffmpeg and Python, against the same files decoded by another program than the one that wrote them.</summary>
public sealed class WavReaderTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(AudioFixtures.PathOf("wav"), "*.wav").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public async Task A_file_gives_the_samples_that_another_program_reads_from_it(string name)
    {
        AssertMean(await AudioFixtures.ReadWavAsync(AudioFixtures.Bytes("wav", name + ".wav")), name);
    }

    [Theory, MemberData(nameof(Files))]
    public async Task A_pipe_gives_the_same_samples_however_few_bytes_come_at_once(string name)
    {
        byte[] file = AudioFixtures.Bytes("wav", name + ".wav");
        float[] expected = await AudioFixtures.ReadWavAsync(file);

        foreach (int largestRead in (int[])[1, 7, 4096])
            Assert.Equal(expected, await AudioFixtures.ReadWavAsync(new ForwardOnlyStream(file, largestRead)));
    }

    [Fact]
    public void The_files_cover_every_encoding()
    {
        IEnumerable<WavEncoding> encodings = Files.Select(row => OpenAsync(row.Data).GetAwaiter().GetResult().Encoding);

        Assert.Equal(Enum.GetValues<WavEncoding>(), encodings.Distinct().Order());
    }

    [Fact]
    public async Task The_header_tells_rate_and_channels()
    {
        using WavReader reader = await OpenAsync("python-s16-3ch");

        Assert.Equal(12000, reader.SampleRateHz);
        Assert.Equal(3, reader.ChannelCount);
    }

    [Fact]
    public async Task Full_scale_is_one_and_the_middle_is_zero()
    {
        Assert.Equal((float[])[-1f, 0f, 127 / 128f], await Samples(1, 8, 0, 128, 255));
        Assert.Equal((float[])[-1f, 32767 / 32768f, 0f], await Samples(1, 16, 0x00, 0x80, 0xFF, 0x7F, 0, 0));
        Assert.Equal((float[])[-1f, 8388607 / 8388608f, -1 / 8388608f], await Samples(1, 24, 0, 0, 0x80, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF));
        Assert.Equal((float[])[-1f, 0.5f], await Samples(1, 32, 0, 0, 0, 0x80, 0, 0, 0, 0x40));
        Assert.Equal((float[])[1f, -2f], await Samples(3, 32, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0));
        Assert.Equal((float[])[1f, -2f], await Samples(3, 64, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0));

        static Task<float[]> Samples(int tag, int bits, params byte[] data) =>
            AudioFixtures.ReadWavAsync(new WavBuilder().Format(tag, bits: bits).Chunk("data", data).Build());
    }

    [Fact]
    public async Task Valid_bits_fewer_than_stored_ones_stand_at_the_top()
    {
        byte[] file = new WavBuilder().ExtensibleFormat(channels: 1, bits: 32, validBits: 24, subFormat: 1).Chunk("data", [0, 0, 0, 0x80, 0, 0, 0, 0x20]).Build();

        Assert.Equal((float[])[-1f, 0.25f], await AudioFixtures.ReadWavAsync(file));
    }

    [Fact]
    public async Task The_mean_is_taken_over_all_of_256_channels()
    {
        byte[] frame = new byte[512];
        frame[1] = 0x40;
        byte[] file = new WavBuilder().Format(channels: 256).Chunk("data", [.. frame, .. new byte[512], .. frame]).Build();

        Assert.Equal((float[])[0.5f / 256, 0, 0.5f / 256], await AudioFixtures.ReadWavAsync(file));
    }

    private static async Task<WavReader> OpenAsync(string name) =>
        await WavReader.OpenAsync(new ByteSource(new MemoryStream(AudioFixtures.Bytes("wav", name + ".wav")), leaveOpen: false), CancellationToken.None);

    private static void AssertMean(float[] actual, string name)
    {
        using WavReader reader = OpenAsync(name).GetAwaiter().GetResult();
        float[] interleaved = AudioFixtures.Floats("wav", name + ".f32");
        Assert.True(interleaved.Length > 0);
        Assert.Equal(interleaved.Length, actual.Length * reader.ChannelCount);

        // The other program rounds to float, and so do we: half a unit in the last place of 1 each.
        const double Tolerance = 1.2e-7;
        for (int i = 0; i < actual.Length; i++)
        {
            double expected = interleaved.Skip(i * reader.ChannelCount).Take(reader.ChannelCount).Average(value => (double)value);
            Assert.InRange(actual[i] - expected, -Tolerance, Tolerance);
        }
    }
}
