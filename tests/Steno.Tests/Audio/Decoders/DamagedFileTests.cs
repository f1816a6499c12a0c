using System.Diagnostics;
using Steno.Audio;
using Steno.Audio.Decoders;

namespace Steno.Tests.Audio.Decoders;

/// <summary>Half the audio is not taken for all of it; where that is asked for, it is used and the place of the damage told.</summary>
public sealed class DamagedFileTests(BuiltInModel builtIn) : IClassFixture<BuiltInModel>
{
    private static string Wav => Samples.AudioPath("english-3");

    private static double WavSeconds => Samples.Read(Wav).Length / 16000.0;

    [Theory]
    [InlineData("avi", "-c:a libmp3lame")]
    [InlineData("avi", "-c:a pcm_s16le")]
    [InlineData("ts", "-c:a mp2")]
    [InlineData("ts", "-c:a aac")]
    [InlineData("m2ts", "-c:a ac3")]
    [InlineData("mpg", "-c:a mp2")]
    [InlineData("vob", "-c:a ac3")]
    [InlineData("ac3", "")]
    [InlineData("eac3", "")]
    [InlineData("dts", "-strict -2 -ar 48000 -ac 2 -c:a dca")]
    [InlineData("thd", "-strict -2 -c:a truehd")]
    [InlineData("voc", "")]
    [InlineData("sox", "")]
    [InlineData("flv", "-c:a libmp3lame -ar 44100")]
    [InlineData("wma", "")]
    [InlineData("tta", "")]
    [InlineData("wv", "")]
    [InlineData("mov", "-c:a pcm_s16le -movflags +faststart")]
    [InlineData("mp4", "-c:a aac -movflags +faststart")]
    [InlineData("mka", "-c:a flac")]
    [InlineData("webm", "-c:a libopus -f webm")]
    [InlineData("wav", "-c:a adpcm_ima_wav")]
    [InlineData("w64", "-c:a pcm_s16le")]
    public async Task A_file_or_pipe_that_is_cut_off_is_an_error(string extension, string arguments)
    {
        using var directory = new TemporaryDirectory();
        byte[] bytes = await File.ReadAllBytesAsync(Make(directory, "a." + extension, ["-i", Wav, .. Split(arguments)]));
        foreach (double part in (double[])[0.35, 0.61, 0.83])
        {
            // Between two packets of a stream without a length nothing tells: an odd place inside one.
            byte[] cut = bytes[..(((int)(part * bytes.Length) / 188 * 188) + 101)];
            string path = directory.Write("cut." + extension, cut);
            foreach (DecoderSettings decoders in (DecoderSettings[])[Media.Default, Media.FfmpegOnly])
                await AssertRefusedAsync(path, cut, new AudioInputOptions { Decoders = decoders });
        }
    }

    [Theory]
    [InlineData("avi", "-c:v mpeg4 -c:a libmp3lame")]
    [InlineData("ts", "-c:v mpeg2video -r 25 -c:a mp2")]
    [InlineData("mpg", "-c:v mpeg2video -r 25 -c:a mp2")]
    [InlineData("mp4", "-c:v mpeg4 -c:a aac -movflags +faststart")]
    [InlineData("mkv", "-c:v mpeg4 -c:a aac")]
    [InlineData("flv", "-c:v flv1 -c:a libmp3lame -ar 22050")]
    [InlineData("wmv", "-c:v wmv2 -c:a wmav2")]
    public async Task A_film_that_is_cut_off_is_an_error(string extension, string arguments)
    {
        using var directory = new TemporaryDirectory();
        string path = Make(directory, "a." + extension, ["-f", "lavfi", "-i", "testsrc=d=4:s=160x120:r=10", "-i", Wav, .. Split(arguments)]);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        byte[] cut = bytes[..((bytes.Length / 2 / 188 * 188) + 101)];

        await AssertRefusedAsync(directory.Write("cut." + extension, cut), cut, new AudioInputOptions());
    }

    // Packs all have one size, and frames of audio lie across them. Of MPEG audio ffmpeg decodes what is there of the last frame without a word.
    [Theory]
    [InlineData("mpg", "-c:a mp2", false)]
    [InlineData("mpg", "-c:a libmp3lame", false)]
    [InlineData("mpg", "-f mpeg -c:v mpeg1video -r 25 -c:a mp2", true)]
    [InlineData("mpg", "-f dvd -c:v mpeg2video -r 25 -c:a mp2 -ar 48000", true)]
    [InlineData("vob", "-c:v mpeg2video -r 25 -c:a ac3", true)]
    [InlineData("vob", "-c:a ac3", false)]
    public async Task A_program_stream_that_is_cut_between_two_packs_is_an_error(string extension, string arguments, bool isFilm)
    {
        const int PackBytes = 2048;
        using var directory = new TemporaryDirectory();
        string[] picture = isFilm ? ["-f", "lavfi", "-i", "testsrc=d=4:s=160x120:r=10"] : [];
        byte[] bytes = await File.ReadAllBytesAsync(Make(directory, "a." + extension, [.. picture, "-i", Wav, .. Split(arguments)]));
        foreach (double part in (double[])[0.4, 0.5, 0.7])
        {
            byte[] cut = bytes[..((int)(part * bytes.Length) / PackBytes * PackBytes)];
            await AssertRefusedAsync(directory.Write("cut." + extension, cut), cut, new AudioInputOptions());
        }
    }

    // Bits that turned over, where a decoder goes on without a word unless it is told to look at check sums.
    [Theory]
    [InlineData("flac", "")]
    [InlineData("tta", "")]
    [InlineData("wv", "")]
    [InlineData("ac3", "")]
    public async Task Wrong_check_sums_are_damage(string extension, string arguments)
    {
        using var directory = new TemporaryDirectory();
        byte[] bytes = await File.ReadAllBytesAsync(Make(directory, "a." + extension, ["-i", Wav, .. Split(arguments)]));
        for (int i = 0; i < 40; i++) bytes[(bytes.Length / 2) + i] ^= 0x10;
        string path = directory.Write("b." + extension, bytes);

        await AssertRefusedAsync(path, bytes, new AudioInputOptions { Decoders = Media.FfmpegOnly });
    }

    // Over so much that a header is hit: decoders look for the next one that they know without a word.
    [Theory]
    [InlineData("avi", "-c:a libmp3lame")]
    [InlineData("avi", "-c:a pcm_s16le")]
    [InlineData("mp4", "-c:a aac -movflags +frag_keyframe+empty_moov -frag_duration 500000")]
    [InlineData("mp4", "-c:a aac -movflags +frag_keyframe+empty_moov+default_base_moof -frag_duration 300000")]
    [InlineData("mp4", "-c:a aac -movflags +dash -frag_duration 500000")]
    [InlineData("mka", "-c:a libopus -cluster_time_limit 500")]
    [InlineData("webm", "-c:a libvorbis -cluster_time_limit 500")]
    [InlineData("ogg", "-c:a libvorbis")]
    [InlineData("opus", "-page_duration 200000")]
    [InlineData("asf", "-c:a wmav2")]
    public async Task Noise_over_a_part_is_damage(string extension, string arguments)
    {
        using var directory = new TemporaryDirectory();
        byte[] bytes = await File.ReadAllBytesAsync(Make(directory, "a." + extension, ["-stream_loop", "3", "-i", Wav, .. Split(arguments)]));
        foreach (double place in (double[])[0.3, 0.5, 0.7])
        {
            byte[] broken = [.. bytes];
            new Random((int)(place * 100)).NextBytes(broken.AsSpan((int)(place * bytes.Length), bytes.Length / 6));
            await AssertRefusedAsync(directory.Write("b." + extension, broken), broken, new AudioInputOptions());
        }
    }

    // Of streams one after the other ffmpeg complains where the next begins, and of that alone: damage in any of them is told all the same.
    [Theory]
    [InlineData("opus", "")]
    [InlineData("ogg", "-c:a libvorbis")]
    public async Task Damage_in_one_of_several_streams_is_told(string extension, string arguments)
    {
        using var directory = new TemporaryDirectory();
        byte[] one = await File.ReadAllBytesAsync(Make(directory, "a." + extension, ["-i", Wav, .. Split(arguments)]));
        byte[] both = [.. one, .. one];
        string path = directory.Write("both." + extension, both);
        Assert.InRange(await Media.CountAsync(path, new AudioInputOptions()) / 16000.0, (2 * WavSeconds) - 0.2, (2 * WavSeconds) + 0.2);

        foreach (int place in (int[])[one.Length / 2, one.Length - 50, one.Length + (one.Length / 2)])
        {
            byte[] broken = [.. both];
            broken[place] ^= 0x10;
            await AssertRefusedAsync(directory.Write("broken." + extension, broken), broken, new AudioInputOptions());
        }

        byte[] cut = both[..(one.Length + (one.Length / 2))];
        await AssertRefusedAsync(directory.Write("cut." + extension, cut), cut, new AudioInputOptions());
    }

    // Of unknown size and cut between two clusters: only the length that it states is left to tell.
    [Fact]
    public async Task Less_audio_than_the_container_states_is_damage()
    {
        using var directory = new TemporaryDirectory();
        byte[] bytes = await File.ReadAllBytesAsync(Make(directory, "a.mkv", ["-i", Wav, "-c:a", "libopus", "-cluster_time_limit", "500", "-cluster_size_limit", "100000"]));
        int segment = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x18, 0x53, 0x80, 0x67]);
        bytes.AsSpan(segment + 4, 8).Fill(0xFF);
        bytes[segment + 4] = 0x01;
        ReadOnlySpan<byte> cluster = [0x1F, 0x43, 0xB6, 0x75];
        int middle = (bytes.Length / 2) + bytes.AsSpan(bytes.Length / 2).IndexOf(cluster);
        byte[] cut = bytes[..middle];

        string fault = await AssertRefusedAsync(directory.Write("cut.mkv", cut), cut, new AudioInputOptions());

        Assert.Contains($"the file says that it lasts {WavSeconds:F1} s, but ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_a_second_and_more_than_one_percent_are_missed()
    {
        Assert.False(StatedLength.IsMissed(10, 9));
        Assert.True(StatedLength.IsMissed(10, 8.9));
        Assert.False(StatedLength.IsMissed(1000, 990));
        Assert.True(StatedLength.IsMissed(1000, 989.9));
        Assert.False(StatedLength.IsMissed(10, 20));
    }

    // What was decoded before is used, and nothing else is.
    [Theory]
    [InlineData("wav", "")]
    [InlineData("flac", "")]
    [InlineData("mp3", "")]
    [InlineData("aac", "")]
    [InlineData("opus", "")]
    [InlineData("ogg", "")]
    [InlineData("webm", "-c:a libopus")]
    [InlineData("m4a", "-movflags +faststart")]
    [InlineData("ts", "-c:a mp2")]
    [InlineData("ac3", "")]
    [InlineData("voc", "")]
    [InlineData("aiff", "")]
    [InlineData("caf", "")]
    [InlineData("au", "")]
    [InlineData("w64", "")]
    public async Task Of_a_file_that_is_cut_off_its_start_is_kept_and_the_end_told(string extension, string arguments)
    {
        using var directory = new TemporaryDirectory();
        string path = Make(directory, "a." + extension, ["-i", Wav, .. Split(arguments)]);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        byte[] cut = bytes[..((bytes.Length * 6 / 10) | 1)];
        using SampleReader whole = await AudioInput.OpenFileAsync(path, new AudioInputOptions { Damage = new DamageLog() }, CancellationToken.None);
        float[] expected = await AudioFixtures.ReadAllAsync(whole);

        foreach (bool isFile in (bool[])[true, false])
        {
            var damage = new DamageLog();
            using SampleReader reader = await OpenAsync(isFile ? directory.Write("cut." + extension, cut) : null, cut, new AudioInputOptions { Damage = damage });
            float[] samples = await AudioFixtures.ReadAllAsync(reader);

            Assert.InRange(samples.Length, 0.4 * expected.Length, 0.7 * expected.Length);
            int before = Math.Max(0, samples.Length - 3000);
            Assert.Equal(expected[..before], samples[..before]);
            Assert.InRange(damage.First!.Value.Seconds, (samples.Length / 16000.0) - 0.2, (samples.Length / 16000.0) + 0.001);
        }
    }

    [Theory]
    [InlineData("mp3", "-b:a 64k")]
    [InlineData("aac", "")]
    [InlineData("m4a", "")]
    [InlineData("opus", "")]
    [InlineData("flac", "")]
    [InlineData("ts", "-c:a aac")]
    public async Task Damage_in_the_middle_is_told_by_its_place_and_what_follows_is_kept(string extension, string arguments)
    {
        using var directory = new TemporaryDirectory();
        string path = Make(directory, "a." + extension, ["-stream_loop", "9", "-i", Wav, .. Split(arguments)]);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        new Random(5).NextBytes(bytes.AsSpan(bytes.Length / 2, 1000));
        string broken = directory.Write("b." + extension, bytes);
        double seconds = 10 * WavSeconds;

        await AssertRefusedAsync(broken, bytes, new AudioInputOptions());
        foreach (bool isFile in (bool[])[true, false])
        {
            var damage = new DamageLog();
            using SampleReader reader = await OpenAsync(isFile ? broken : null, bytes, new AudioInputOptions { Damage = damage });

            Assert.InRange(await Media.CountAsync(reader) / 16000.0, seconds - 3, seconds + 1);
            Assert.InRange(damage.First!.Value.Seconds, (seconds / 2) - 2, (seconds / 2) + 2);
        }
    }

    [Fact]
    public async Task The_transcript_tells_where_the_damage_is()
    {
        using var directory = new TemporaryDirectory();
        byte[] bytes = await File.ReadAllBytesAsync(Wav);
        string cut = directory.Write("cut.wav", bytes.AsSpan(0, 44 + (2 * 16000 * 2)));
        var keep = new TranscribeOptions { DamagedAudio = DamagedAudioMode.Keep };

        await Assert.ThrowsAsync<AudioFormatException>(() => builtIn.Model.TranscribeAsync(cut));
        Transcript transcript = await builtIn.Model.TranscribeAsync(cut, keep);
        Transcript expected = await builtIn.Model.TranscribeAsync(Samples.Read(Wav).AsMemory(0, 32000));
        Transcript sound = await builtIn.Model.TranscribeAsync(Wav, keep);

        Assert.Equal(TimeSpan.FromSeconds(2), transcript.Damage!.At);
        Assert.StartsWith("the 'data' chunk claims ", transcript.Damage.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("--damaged", transcript.Damage.Reason, StringComparison.Ordinal);
        Assert.Equal(expected.Text, transcript.Text);
        Assert.Null(sound.Damage);
        Assert.Equal(Samples.Text("english-3"), sound.Text);
    }

    [Fact]
    public async Task Audio_that_is_too_long_or_of_which_nothing_can_be_decoded_is_an_error_whatever_is_kept()
    {
        using var directory = new TemporaryDirectory();
        string m4a = Make(directory, "a.m4a", ["-i", Wav]);
        byte[] cut = (await File.ReadAllBytesAsync(m4a))[..2000];
        byte[] bomb = Media.OpusBomb(pageCount: 40, isHonest: false);
        bomb[^1] ^= 1;
        string path = directory.Write("bomb.opus", bomb);
        long start = Stopwatch.GetTimestamp();

        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => Media.CountAsync(path, new AudioInputOptions { Damage = new DamageLog(), MaxDuration = TimeSpan.FromMinutes(2) }));
        Assert.Contains("is accepted", fault.Message, StringComparison.Ordinal);
        fault = await Assert.ThrowsAsync<AudioFormatException>(() => Media.CountAsync(directory.Write("cut.m4a", cut), new AudioInputOptions { Damage = new DamageLog() }));
        Assert.Contains("it is cut off", fault.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 30);
    }

    // The first complaint after samples ends the work; hours may still be to come.
    [Fact]
    public async Task Damage_is_told_before_all_is_decoded()
    {
        using var directory = new TemporaryDirectory();
        string wav = directory.Write("head.wav", new WavBuilder(formSize: uint.MaxValue).Format().Build());
        string body = $"cat '{wav}'; printf 'data\\377\\377\\377\\377'; head -c 320000 /dev/zero; echo '[mp3float @ 0x1] [error] invalid new backstep -1' >&2; head -c 320000 /dev/zero; sleep 1; head -c 320000 /dev/zero; exec sleep 100";
        DecoderSettings settings = Media.FfmpegOnly with { Ffmpeg = Media.Script(directory, body) };
        string path = directory.Write("a.mkv", [0x1A, 0x45, 0xDF, 0xA3, 0, 0, 0, 0]);
        long start = Stopwatch.GetTimestamp();

        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => Media.CountAsync(path, new AudioInputOptions { Decoders = settings }));

        Assert.Contains("ffmpeg found damage: invalid new backstep -1", fault.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
    }

    // On a busy machine what it said is read after it ended.
    [Fact]
    public async Task What_a_decoder_says_last_is_waited_for()
    {
        using var directory = new TemporaryDirectory();
        string wav = directory.Write("head.wav", new WavBuilder(formSize: uint.MaxValue).Format().Build());
        string body = $"(sleep 3; echo '[error] half of it is missing' >&2) >/dev/null & cat '{wav}'; printf 'data\\377\\377\\377\\377'; head -c 320000 /dev/zero";
        DecoderSettings settings = Media.FfmpegOnly with { Ffmpeg = Media.Script(directory, body) };
        string path = directory.Write("a.mkv", [0x1A, 0x45, 0xDF, 0xA3, 0, 0, 0, 0]);

        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => Media.CountAsync(path, new AudioInputOptions { Decoders = settings }));

        Assert.Contains("ffmpeg found damage: half of it is missing", fault.Message, StringComparison.Ordinal);
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Make(TemporaryDirectory directory, string name, string[] arguments)
    {
        string path = directory.PathOf(name);
        Media.Make([.. arguments, path]);
        return path;
    }

    private static async Task<SampleReader> OpenAsync(string? path, byte[] bytes, AudioInputOptions options) => path is null
        ? await AudioInput.OpenAsync(new ForwardOnlyStream(bytes), options, leaveOpen: false, CancellationToken.None)
        : await AudioInput.OpenFileAsync(path, options, CancellationToken.None);

    private static async Task<string> AssertRefusedAsync(string path, byte[] bytes, AudioInputOptions options)
    {
        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => Media.CountAsync(path, options));
        await Assert.ThrowsAsync<AudioFormatException>(async () =>
        {
            using SampleReader pipe = await OpenAsync(path: null, bytes, options);
            await Media.CountAsync(pipe);
        });
        return fault.Message;
    }
}
