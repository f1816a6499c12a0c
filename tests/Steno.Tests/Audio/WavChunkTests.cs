using Steno.Audio;

namespace Steno.Tests.Audio;

public sealed class WavChunkTests
{
    private const string Unpadded = "unpadded";
    private static readonly float[] Expected = [1 / 32768f, -2 / 32768f, 3 / 32768f];

    [Fact]
    public async Task Chunks_that_Steno_does_not_know_are_passed_over_wherever_they_stand()
    {
        byte[] file = new WavBuilder().Chunk("JUNK", new byte[28]).Chunk("bext", new byte[5]).Format().Chunk("LIST", "INFOabc"u8).Chunk("fact", new byte[4])
            .Samples(null, 1, -2, 3).Chunk("id3 ", new byte[7]).Chunk("LIST", new byte[9]).Build();

        await AssertReads(file);
    }

    [Theory]
    [InlineData(Unpadded, "LIST", "INFOabc")]
    [InlineData(Unpadded, "x   ", "1")]
    [InlineData("padded", "LIST", "INFOabc")]
    public async Task Padding_of_a_chunk_of_odd_size_may_be_there_or_missing(string padding, string id, string body)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(body);
        bool isPadded = !string.Equals(padding, Unpadded, StringComparison.Ordinal);

        await AssertReads(new WavBuilder().Chunk(id, bytes, padded: isPadded).Format().Chunk(id, bytes, padded: isPadded).Samples(null, 1, -2, 3).Build());
    }

    [Fact]
    public async Task Padding_that_is_not_zero_is_still_padding()
    {
        await AssertReads(new WavBuilder().Format().Chunk("LIST", "INFOabc"u8, padded: false).Bytes(0xCD).Samples(null, 1, -2, 3).Build());
    }

    [Fact]
    public async Task Samples_of_odd_size_may_lack_their_padding()
    {
        foreach (bool padded in (bool[])[true, false])
        {
            byte[] file = new WavBuilder().Format(bits: 8).Chunk("data", [128, 192, 64], padded: padded).Chunk("LIST", "INFO"u8).Build();
            Assert.Equal((float[])[0f, 0.5f, -0.5f], await AudioFixtures.ReadWavAsync(file));
        }
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(36u, 0u)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(0x7FFFF024u, 0x7FFFF000u)]
    [InlineData(0x7FFFFF24u, 0x7FFFFF00u)]
    [InlineData(0x80000024u, 0x80000000u)]
    [InlineData(uint.MaxValue, uint.MaxValue - 44)]
    public async Task A_size_that_nobody_filled_in_means_up_to_the_end(uint formSize, uint dataSize)
    {
        await AssertReads(new WavBuilder(formSize: formSize).Format().Samples(dataSize, 1, -2, 3).Build());
    }

    [Fact]
    public async Task A_size_of_zero_in_a_whole_file_is_no_audio()
    {
        byte[] bare = new WavBuilder().Format().Samples(null).Build();
        byte[] withChunks = new WavBuilder().Format().Samples(null).Chunk("LIST", "INFOabcd"u8).Build();

        Assert.Empty(await AudioFixtures.ReadWavAsync(bare));
        Assert.Empty(await AudioFixtures.ReadWavAsync(withChunks));
        Assert.Empty(await AudioFixtures.ReadWavAsync(new ForwardOnlyStream(withChunks)));
    }

    [Fact]
    public async Task Sizes_of_64_bits_count_in_an_RF64_file()
    {
        foreach (string form in (string[])["RF64", "BW64"])
        {
            byte[] sizes = [.. BitConverter.GetBytes(92L), .. BitConverter.GetBytes(6L), .. BitConverter.GetBytes(3L), 0, 0, 0, 0];
            byte[] file = new WavBuilder(form, uint.MaxValue).Chunk("ds64", sizes).Format().Samples(uint.MaxValue, 1, -2, 3).Chunk("LIST", "INFO"u8).Build();

            await AssertReads(file);
        }
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    public async Task Sizes_of_64_bits_may_be_left_open_too(long size)
    {
        byte[] sizes = [.. BitConverter.GetBytes(size), .. BitConverter.GetBytes(size), .. new byte[12]];

        await AssertReads(new WavBuilder("RF64", uint.MaxValue).Chunk("ds64", sizes).Format().Samples(uint.MaxValue, 1, -2, 3).Build());
    }

    [Fact]
    public async Task A_file_may_hold_its_samples_before_their_format_but_a_pipe_may_not()
    {
        byte[] file = new WavBuilder().Samples(null, 1, -2, 3).Format().Chunk("LIST", "INFO"u8).Build();

        Assert.Equal(Expected, await AudioFixtures.ReadWavAsync(file));
        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => AudioFixtures.ReadWavAsync(new ForwardOnlyStream(file)));
        Assert.Contains("'data' chunk comes before the 'fmt ' chunk", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_read_from_where_it_stands()
    {
        var stream = new MemoryStream([9, 9, 9, .. new WavBuilder().Samples(null, 1, -2, 3).Format().Build()]) { Position = 3 };

        Assert.Equal(Expected, await AudioFixtures.ReadWavAsync(stream));
    }

    [Fact]
    public async Task Bytes_after_the_end_of_the_form_are_passed_over()
    {
        byte[] file = new WavBuilder().Format().Samples(null, 1, -2, 3).Build();

        await AssertReads([.. file, .. new byte[2000]]);
        await AssertReads([.. file, 0xFF, 0xFE, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        await AssertReads([.. file, 1, 2, 3]);
    }

    [Fact]
    public async Task A_huge_chunk_of_a_pipe_is_skipped_in_bounded_memory()
    {
        const int HugeBytes = 64 << 20;
        byte[] head = new WavBuilder().Format().Text("JUNK").UInt32(HugeBytes).Build();
        byte[] file = new byte[head.Length + HugeBytes];
        head.CopyTo(file, 0);
        byte[] tail = new WavBuilder().Samples(null, 1, -2, 3).Build()[12..];

        long before = GC.GetAllocatedBytesForCurrentThread();
        var stream = new ForwardOnlyStream([.. file, .. tail]);
        long built = GC.GetAllocatedBytesForCurrentThread();
        using WavReader reader = await WavReader.OpenAsync(new ByteSource(stream, leaveOpen: false), CancellationToken.None);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - built, 1, 2_000_000);

        Assert.True(built - before >= HugeBytes);
        Assert.Equal(Expected, await AudioFixtures.ReadAllAsync(reader));
    }

    private static async Task AssertReads(byte[] file)
    {
        Assert.Equal(Expected, await AudioFixtures.ReadWavAsync(file));
        Assert.Equal(Expected, await AudioFixtures.ReadWavAsync(new ForwardOnlyStream(file, largestRead: 3)));
    }
}
