using System.Diagnostics;
using Steno.Audio;
using Steno.Audio.Decoders;

namespace Steno.Tests.Audio.Decoders;

public sealed class AudioDecoderTests(BuiltInModel builtIn) : IClassFixture<BuiltInModel>
{
    private static string Wav => Samples.AudioPath("english-2");

    [Theory]
    [InlineData("mp3")]
    [InlineData("m4a")]
    [InlineData("opus")]
    [InlineData("webm")]
    [InlineData("mp4")]
    [InlineData("mkv")]
    [InlineData("flac")]
    [InlineData("ogg")]
    [InlineData("aiff")]
    [InlineData("caf")]
    [InlineData("wma")]
    [InlineData("aac")]
    public async Task The_text_is_that_of_the_recording_from_a_file_and_from_a_pipe(string extension)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("-a %d 音." + extension);
        Media.Make("-i", Wav, "file:" + path);

        Transcript file = await builtIn.Model.TranscribeAsync(path);
        Assert.Equal(Samples.Text("english-2"), file.Text);
        Transcript pipe = await builtIn.Model.TranscribeAsync(new ForwardOnlyStream(await File.ReadAllBytesAsync(path)));
        Assert.Equal(Samples.Text("english-2"), pipe.Text);
    }

    [Fact]
    public async Task Each_decoder_gives_the_samples_of_a_lossless_file_as_they_are()
    {
        Media.RequireSndfile();
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a.flac");
        Media.Make("-i", Wav, path);

        foreach (DecoderSettings settings in (DecoderSettings[])[Media.SndfileOnly, Media.FfmpegOnly])
        {
            using SampleReader reader = await AudioInput.OpenFileAsync(path, new AudioInputOptions { Decoders = settings }, CancellationToken.None);
            Assert.Equal(Samples.Read(Wav), await AudioFixtures.ReadAllAsync(reader));
        }
    }

    [Fact]
    public async Task Tracks_count_from_1_and_one_that_is_not_there_is_told()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("film.mp4");
        Media.Make("-f", "lavfi", "-i", "testsrc=d=3:s=64x64", "-i", Samples.AudioPath("german-1"), "-i", Wav, "-map", "0:v", "-map", "1:a", "-map", "2:a", path);
        string silent = directory.PathOf("silent.mp4");
        Media.Make("-f", "lavfi", "-i", "testsrc=d=1:s=64x64", silent);

        Assert.Equal(Samples.Text("german-1"), (await builtIn.Model.TranscribeAsync(path)).Text);
        Assert.Equal(Samples.Text("english-2"), (await builtIn.Model.TranscribeAsync(path, new TranscribeOptions { AudioTrack = 2 })).Text);
        Assert.Contains("no audio track 3", await FaultAsync(path, new AudioInputOptions { Track = 3 }), StringComparison.Ordinal);
        Assert.Contains("no audio track in it", await FaultAsync(silent, new AudioInputOptions()), StringComparison.Ordinal);
        Assert.Contains("no audio track 2", await FaultAsync(Wav, new AudioInputOptions { Track = 2 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m4a")]
    [InlineData("opus")]
    [InlineData("flac")]
    [InlineData("webm")]
    [InlineData("aiff")]
    [InlineData("caf")]
    [InlineData("w64")]
    [InlineData("au")]
    [InlineData("ogg")]
    [InlineData("mp3")]
    [InlineData("aac")]
    public async Task A_file_that_is_cut_off_is_an_error(string extension)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a." + extension);
        Media.Make("-i", Wav, path);
        byte[] bytes = await File.ReadAllBytesAsync(path);

        foreach (double part in (double[])[0.25, 0.6, 0.9])
        {
            await File.WriteAllBytesAsync(path, bytes[..(int)(part * bytes.Length / 2 * 2)]);
            await FaultAsync(path, new AudioInputOptions());
        }
    }

    [Theory]
    [InlineData("opus")]
    [InlineData("ogg")]
    [InlineData("mp3")]
    [InlineData("aac")]
    [InlineData("flac")]
    public async Task A_pipe_that_ends_too_soon_is_an_error(string extension)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a." + extension);
        Media.Make("-i", Wav, path);
        byte[] bytes = await File.ReadAllBytesAsync(path);

        foreach (int end in (int[])[bytes.Length * 6 / 10, bytes.Length - 3])
        {
            await Assert.ThrowsAsync<AudioFormatException>(async () =>
            {
                using SampleReader reader = await AudioInput.OpenAsync(new ForwardOnlyStream(bytes[..end]), new AudioInputOptions(), leaveOpen: false, CancellationToken.None);
                await Media.CountAsync(reader);
            });
        }
    }

    [Theory]
    [InlineData("-q:a 4", "frames follow, but there are")]
    [InlineData("-ar 44100 -ac 2 -b:a 64k", "frames follow, but there are")]
    public async Task An_MP3_that_is_cut_between_two_frames_is_told_by_the_number_that_its_first_frame_holds(string arguments, string expected)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a.mp3");
        Media.Make(["-i", Wav, .. arguments.Split(' '), "-id3v2_version", "0", path]);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        int end = 0;
        while (end < bytes.Length / 2 && Steno.Audio.Containers.MpegFrame.TryParse(bytes.AsSpan(end), out var frame)) end += frame.SizeBytes;
        await File.WriteAllBytesAsync(path, bytes.AsMemory(0, end));

        Assert.Contains(expected, await FaultAsync(path, new AudioInputOptions()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_AMR_file_is_read_and_one_that_is_cut_off_is_an_error()
    {
        Media.RequireFfmpeg();
        using var directory = new TemporaryDirectory();
        byte[] amr = Media.Amr(isWide: false);
        string path = directory.Write("a.amr", amr);
        Assert.Equal(200 * 320, await Media.CountAsync(path, new AudioInputOptions()), tolerance: 1);

        string cut = directory.Write("cut.amr", amr.AsSpan(0, amr.Length - 15));
        Assert.Contains("ends inside the AMR frame", await FaultAsync(cut, new AudioInputOptions()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_by_another_name_and_a_playlist_are_no_audio()
    {
        Media.RequireFfmpeg();
        using var directory = new TemporaryDirectory();
        File.Copy(Wav, directory.PathOf("secret.wav"));
        string text = directory.Write("text.mp3", "This is no audio, whatever its name says.");
        string playlist = directory.Write("list.mp3", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.wav\n#EXT-X-ENDLIST\n");
        string concat = directory.Write("concat.mp3", "ffconcat version 1.0\nfile secret.wav\n");

        foreach (string path in (string[])[text, playlist, concat])
            Assert.StartsWith(path + ": this is no audio but text", await FaultAsync(path, new AudioInputOptions()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silence_without_end_is_refused_at_the_longest_duration(bool isHonest)
    {
        Media.RequireFfmpeg();
        using var directory = new TemporaryDirectory();
        string path = directory.Write("bomb.opus", Media.OpusBomb(pageCount: 500, isHonest));
        long start = Stopwatch.GetTimestamp();

        string fault = await FaultAsync(path, new AudioInputOptions { MaxDuration = TimeSpan.FromMinutes(2) });

        Assert.Contains("at most 0:02:00 is accepted", fault, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task A_decoder_that_hangs_is_stopped_with_its_children_and_a_cancelled_one_at_once()
    {
        using var directory = new TemporaryDirectory();
        string script = Media.Script(directory, $"echo $$ > '{directory.PathOf("pid")}'; sleep 1000");
        string path = directory.Write("a.mkv", [0x1A, 0x45, 0xDF, 0xA3, 0, 0, 0, 0]);
        DecoderSettings settings = Media.FfmpegOnly with { Ffmpeg = script, StallLimit = TimeSpan.FromSeconds(1) };
        long start = Stopwatch.GetTimestamp();
        Assert.Contains("gave no audio for 1 seconds", await FaultAsync(path, new AudioInputOptions { Decoders = settings }), StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.9, 5);
        AssertIsGone(directory.PathOf("pid"));

        using var cancellation = new CancellationTokenSource();
        Task opening = AudioInput.OpenFileAsync(path, new AudioInputOptions { Decoders = settings with { StallLimit = TimeSpan.FromMinutes(1) } }, cancellation.Token).AsTask();
        await Task.Delay(300);
        start = Stopwatch.GetTimestamp();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 0, 500);
        AssertIsGone(directory.PathOf("pid"));
    }

    [Theory]
    [InlineData("kill -9 $$", "killed by signal 9")]
    [InlineData("echo out of luck >&2; exit 3", "exit code 3: out of luck")]
    [InlineData("exit 0", "not one byte")]
    public async Task A_decoder_that_ends_badly_is_told(string body, string expected)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("a.mkv", [0x1A, 0x45, 0xDF, 0xA3, 0, 0, 0, 0]);
        DecoderSettings settings = Media.FfmpegOnly with { Ffmpeg = Media.Script(directory, body) };

        Assert.Contains(expected, await FaultAsync(path, new AudioInputOptions { Decoders = settings }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_whose_writer_is_slow_is_not_taken_for_a_decoder_that_hangs()
    {
        Media.RequireFfmpeg();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        DecoderSettings settings = Media.FfmpegOnly with { StallLimit = TimeSpan.FromSeconds(1) };
        byte[] start = new byte[64];
        "fLaC"u8.CopyTo(start);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await AudioInput.OpenAsync(new StuckStream(start, blocksCaller: true), new AudioInputOptions { Decoders = settings }, leaveOpen: false, cancellation.Token));
    }

    private static void AssertIsGone(string pidPath)
    {
        int id = int.Parse(File.ReadAllText(pidPath), System.Globalization.CultureInfo.InvariantCulture);
        Assert.False(Directory.Exists($"/proc/{id}"), "the decoder still runs");
    }

    private static async Task<string> FaultAsync(string path, AudioInputOptions options)
    {
        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => Media.CountAsync(path, options));
        Assert.StartsWith(path + ": ", fault.Message, StringComparison.Ordinal);
        return fault.Message;
    }
}
