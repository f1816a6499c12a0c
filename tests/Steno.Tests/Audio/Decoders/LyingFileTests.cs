using System.Buffers.Binary;
using System.Diagnostics;
using Steno.Audio;
using Steno.Audio.Decoders;

namespace Steno.Tests.Audio.Decoders;

/// <summary>Files that last longer than they say, or say more than they hold, are refused at once, whoever decodes.</summary>
public sealed class LyingFileTests
{
    // What was measured is a fifth of a second; the rest is for a machine that is busy with other tests.
    private const double MaxSeconds = 5;

    private static DecoderSettings[] Decoders => [Media.Default, Media.FfmpegOnly, Media.SndfileOnly];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_Opus_bomb_of_25_MB_is_refused_before_it_is_decoded(bool isHonest)
    {
        Media.RequireFfmpeg();
        Media.RequireSndfile();
        using var directory = new TemporaryDirectory();
        string path = directory.Write("bomb.opus", Media.OpusBomb(pageCount: 33_000, isHonest));
        Assert.InRange(new FileInfo(path).Length, 25_000_000, 27_000_000);

        foreach ((DecoderSettings decoders, int hours) in Decoders.SelectMany(decoders => new[] { (decoders, 12), (decoders, 24) }))
            await AssertRefusedAsync(path, new AudioInputOptions { Decoders = decoders, MaxDuration = TimeSpan.FromHours(hours) }, "is accepted");
    }

    [Fact]
    public async Task Ten_seconds_of_Ogg_that_say_100_hours_are_refused()
    {
        Media.RequireFfmpeg();
        Media.RequireSndfile();
        using var directory = new TemporaryDirectory();
        string path = directory.Write("a.opus", Media.OpusStream(pageCount: 2, page => page == 1 ? 255 * 5760 : 100L * 3600 * 48000));

        foreach (DecoderSettings decoders in Decoders)
            await AssertRefusedAsync(path, new AudioInputOptions { Decoders = decoders }, "says that it lasts 100:00:00");
    }

    // The number of samples in all is the low 36 bits before the last 16 bytes of the first block of metadata.
    [Fact]
    public async Task FLAC_that_says_100_hours_and_has_4_seconds_and_FLAC_that_does_not_say_how_long_it_is_are_refused()
    {
        Media.RequireSndfile();
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a.flac");
        Media.Make("-i", Samples.AudioPath("english-3"), path);
        SetFlacSampleCount(path, 100L * 3600 * 16000);
        string bomb = directory.PathOf("bomb.flac");
        Media.Make("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "4000", "-frame_size", "65535", bomb);
        SetFlacSampleCount(bomb, 0);

        foreach (DecoderSettings decoders in Decoders)
        {
            await AssertRefusedAsync(path, new AudioInputOptions { Decoders = decoders }, "says that it lasts 100:00:00");
            await AssertRefusedAsync(bomb, new AudioInputOptions { Decoders = decoders, MaxDuration = TimeSpan.FromHours(1) }, "add up to more; at most 1:00:00");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_WAV_that_says_100_hours_and_has_10_seconds_is_refused(bool isFile)
    {
        using var directory = new TemporaryDirectory();
        byte[] header = [.. "RF64"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. "WAVEds64"u8, 28, 0, 0, 0, .. new byte[28], .. new WavBuilder().Format().Build().AsSpan(12), .. "data"u8, 0xFF, 0xFF, 0xFF, 0xFF];
        long claimed = 100L * 3600 * 16000 * 2;
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(20), claimed + header.Length - 8);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(28), claimed);
        byte[] wav = [.. header, .. new byte[10 * 16000 * 2]];
        string path = directory.Write("a.wav", wav);

        if (isFile)
        {
            await AssertRefusedAsync(path, new AudioInputOptions(), "only 320000 are there");
            return;
        }

        var fault = await Assert.ThrowsAsync<AudioFormatException>(async () =>
            await AudioInput.OpenAsync(new ForwardOnlyStream(wav), new AudioInputOptions(), leaveOpen: false, CancellationToken.None));
        Assert.Contains("says that it lasts 100:00:00", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_megabytes_of_AMR_frames_that_were_never_sent_are_refused_when_they_are_too_long()
    {
        Media.RequireFfmpeg();
        using var directory = new TemporaryDirectory();
        string path = directory.Write("a.amr", (byte[])[.. "#!AMR\n"u8, .. Enumerable.Repeat((byte)0x7C, 3_000_000)]);

        await AssertRefusedAsync(path, new AudioInputOptions(), "add up to more; at most 12:00:00");
    }

    private static void SetFlacSampleCount(string path, long count)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        byte[] header = new byte[26];
        file.ReadExactly(header);
        ulong rest = BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(18)) & ~((1UL << 36) - 1);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(18), rest | (ulong)count);
        file.Position = 0;
        file.Write(header);
    }

    private static async Task AssertRefusedAsync(string path, AudioInputOptions options, string expected)
    {
        long start = Stopwatch.GetTimestamp();
        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => Media.CountAsync(path, options));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, MaxSeconds);
    }
}
