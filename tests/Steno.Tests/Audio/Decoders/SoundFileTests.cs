using Steno.Audio;
using Steno.Audio.Decoders;

namespace Steno.Tests.Audio.Decoders;

/// <summary>Files that are odd but sound, of which ffmpeg complains in part: all are read to their end, from a file and through a pipe, by every decoder.</summary>
public sealed class SoundFileTests
{
    private const string Tag = "TAG";

    private static string Wav => Samples.AudioPath("english-3");

    private static double WavSeconds => Samples.Read(Wav).Length / 16000.0;

    [Theory]
    [InlineData("vbr.mp3", "-q:a 6")]
    [InlineData("average.mp3", "-abr 1 -b:a 40k")]
    [InlineData("low.mp3", "-ar 8000 -b:a 8k")]
    [InlineData("bare.mp3", "-b:a 32k -write_xing 0 -id3v2_version 0")]
    [InlineData("tags.mp3", "-id3v2_version 3 -write_id3v1 1 -metadata title=A")]
    [InlineData("low.m4a", "-ar 7350")]
    [InlineData("high.m4a", "-ar 96000 -ac 2")]
    [InlineData("front.m4a", "-movflags +faststart")]
    [InlineData("fragments.m4a", "-movflags +frag_keyframe+empty_moov+default_base_moof -frag_duration 500000")]
    [InlineData("dash.mp4", "-c:a aac -movflags +dash -frag_duration 500000")]
    [InlineData("clock.mp4", "-c:a aac -movflags +frag_keyframe+empty_moov -write_prft wallclock -frag_duration 500000")]
    [InlineData("smooth.ismv", "-c:a aac -f ismv")]
    [InlineData("frames.mp4", "-c:a aac -movflags +delay_moov+frag_every_frame+empty_moov")]
    [InlineData("noedit.m4a", "-use_editlist 0")]
    [InlineData("hints.mp4", "-c:a aac -movflags +rtphint")]
    [InlineData("alac.m4a", "-c:a alac")]
    [InlineData("opus.mp4", "-c:a libopus")]
    [InlineData("pcm.mov", "-c:a pcm_s16le")]
    [InlineData("phone.3gp", "-c:a aac")]
    [InlineData("raw.aac", "")]
    [InlineData("id3.aac", "-write_id3v2 1 -metadata title=A")]
    [InlineData("six.aac", "-ac 6")]
    [InlineData("clusters.webm", "-c:a libopus -cluster_time_limit 500")]
    [InlineData("dash.webm", "-c:a libopus -dash 1")]
    [InlineData("vorbis.webm", "-c:a libvorbis")]
    [InlineData("index.mkv", "-c:a libopus -reserve_index_space 2000")]
    [InlineData("pcm.mkv", "-c:a pcm_s24le")]
    [InlineData("mp3.mkv", "-c:a libmp3lame")]
    [InlineData("long.opus", "-frame_duration 60")]
    [InlineData("short.opus", "-frame_duration 2.5")]
    [InlineData("six.opus", "-ac 6 -mapping_family 1")]
    [InlineData("flac.oga", "-c:a flac")]
    [InlineData("speex.spx", "")]
    [InlineData("small.flac", "-frame_size 256")]
    [InlineData("high.flac", "-sample_fmt s32 -ar 96000 -ac 8")]
    [InlineData("a.wma", "-c:a wmav1")]
    [InlineData("mp3.asf", "-c:a libmp3lame -f asf")]
    [InlineData("six.ac3", "-ar 44100 -ac 6")]
    [InlineData("a.eac3", "")]
    [InlineData("mp2.ts", "-c:a mp2")]
    [InlineData("ac3.ts", "-c:a ac3")]
    [InlineData("opus.ts", "-c:a libopus")]
    [InlineData("a.vob", "-c:a ac3")]
    [InlineData("a.mpg", "-c:a mp2")]
    [InlineData("mp3.mpg", "-c:a libmp3lame")]
    [InlineData("old.mpg", "-f vcd -c:a mp2 -ar 44100 -ac 2 -b:a 224k")]
    [InlineData("super.mpg", "-f svcd -c:a mp2 -ar 44100")]
    [InlineData("dvd.mpg", "-f dvd -c:a mp2 -ar 48000")]
    [InlineData("pcm.vob", "-c:a pcm_dvd -ar 48000")]
    [InlineData("unsigned.voc", "-ar 8000 -c:a pcm_u8")]
    [InlineData("a.w64", "")]
    [InlineData("24.aiff", "-c:a pcm_s24be")]
    [InlineData("mulaw.au", "-c:a pcm_mulaw")]
    [InlineData("alac.caf", "-c:a alac")]
    [InlineData("pcm.avi", "-c:a pcm_s16le")]
    [InlineData("vbr.avi", "-c:a libmp3lame -q:a 7")]
    [InlineData("speex.flv", "-c:a speex")]
    [InlineData("mp3.wav", "-c:a libmp3lame")]
    [InlineData("ac3.wav", "-c:a ac3")]
    [InlineData("ima.wav", "-c:a adpcm_ima_wav")]
    [InlineData("gsm.wav", "-c:a libgsm_ms -ar 8000")]
    [InlineData("a.sox", "")]
    [InlineData("a.tta", "")]
    [InlineData("a.wv", "")]
    public async Task Encodings(string name, string arguments)
    {
        using var directory = new TemporaryDirectory();
        await AssertWholeAsync(Make(directory, name, ["-i", Wav, .. Split(arguments)]), WavSeconds);
    }

    [Theory]
    [InlineData("live.webm", "-c:a libopus -f webm")]
    [InlineData("live.mkv", "-c:a libopus -f matroska")]
    [InlineData("live.flac", "-f flac")]
    [InlineData("live.flv", "-c:a libmp3lame -ar 44100 -f flv")]
    [InlineData("live.avi", "-c:a libmp3lame -f avi")]
    [InlineData("live.ts", "-c:a aac -f mpegts")]
    [InlineData("live.wv", "-f wv")]
    [InlineData("live.au", "-f au")]
    [InlineData("live.sox", "-f sox")]
    [InlineData("live.caf", "-c:a pcm_s16be -f caf")]
    [InlineData("live.ima.wav", "-c:a adpcm_ima_wav -f wav")]
    [InlineData("live.mp3.wav", "-c:a libmp3lame -f wav")]
    public async Task What_a_writer_to_a_pipe_could_not_go_back_to_complete(string name, string arguments)
    {
        using var directory = new TemporaryDirectory();
        await AssertWholeAsync(directory.Write(name, Media.Bytes(["-i", Wav, .. Split(arguments)])), WavSeconds);
    }

    [Theory]
    [InlineData("offset.m4a", "")]
    [InlineData("offset.webm", "-c:a libopus")]
    [InlineData("offset.mkv", "-c:a flac")]
    public async Task Audio_that_begins_late(string name, string arguments)
    {
        using var directory = new TemporaryDirectory();
        await AssertWholeAsync(Make(directory, name, ["-itsoffset", "20", "-i", Wav, .. Split(arguments)]), WavSeconds);
    }

    [Theory]
    [InlineData("gap.mkv", "-c:a pcm_s16le")]
    [InlineData("gap.webm", "-c:a libopus")]
    [InlineData("gap.m4a", "-c:a aac")]
    public async Task Audio_with_gaps_between_its_packets(string name, string arguments)
    {
        using var directory = new TemporaryDirectory();
        string long_ = Make(directory, "long.wav", ["-stream_loop", "4", "-i", Wav]);
        string path = Make(directory, name, ["-i", long_, "-af", "aselect='not(between(t,3,10))'", .. Split(arguments)]);

        await AssertWholeAsync(path, (5 * WavSeconds) - 7.2);
    }

    [Fact]
    public async Task Cuts_by_an_edit_list_or_between_packets()
    {
        using var directory = new TemporaryDirectory();
        string long_ = Make(directory, "long.m4a", ["-stream_loop", "2", "-i", Wav]);
        string edited = Make(directory, "edited.m4a", ["-ss", "3.3", "-i", long_, "-c", "copy"]);
        string opus = Make(directory, "long.opus", ["-i", long_]);
        string late = Make(directory, "late.opus", ["-ss", "3.3", "-i", opus, "-c", "copy"]);

        await AssertWholeAsync(edited, (3 * WavSeconds) - 3.4);
        await AssertWholeAsync(late, (3 * WavSeconds) - 3.4);
    }

    [Theory]
    [InlineData("chapters.m4b", "-c:a aac")]
    [InlineData("chapters.mkv", "-c:a libopus")]
    [InlineData("chapters.ogg", "-c:a libvorbis")]
    public async Task Chapters(string name, string arguments)
    {
        using var directory = new TemporaryDirectory();
        string chapters = directory.Write("chapters.txt", ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=60000\ntitle=One\n"u8);
        await AssertWholeAsync(Make(directory, name, ["-i", Wav, "-i", chapters, "-map_metadata", "1", .. Split(arguments)]), WavSeconds);
    }

    [Theory]
    [InlineData("cover.mp3", "-id3v2_version 4 -c:v copy")]
    [InlineData("cover.m4a", "-c:a aac -c:v copy -disposition:v:0 attached_pic")]
    [InlineData("cover.flac", "-c:v copy -disposition:v attached_pic")]
    public async Task Attached_pictures_also_broken_ones(string name, string arguments)
    {
        using var directory = new TemporaryDirectory();
        string cover = Make(directory, "cover.jpg", ["-f", "lavfi", "-i", "testsrc=s=300x300:d=1", "-frames:v", "1"]);
        string path = Make(directory, name, ["-i", Wav, "-i", cover, "-map", "0", "-map", "1", .. Split(arguments)]);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        int picture = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);
        bytes.AsSpan(picture + 20, 2000).Clear();

        await AssertWholeAsync(path, WavSeconds);
        await AssertWholeAsync(directory.Write("broken-" + name, bytes), WavSeconds);
    }

    // Audio shorter than the film or longer, and tracks of different length.
    [Theory]
    [InlineData("film.mp4", 20, "-c:v libx264 -pix_fmt yuv420p -c:a aac")]
    [InlineData("brief.mp4", 1, "-c:v libx264 -pix_fmt yuv420p -c:a aac")]
    [InlineData("film.mkv", 20, "-c:v libx264 -pix_fmt yuv420p -c:a libopus")]
    [InlineData("film.webm", 20, "-c:v libvpx -b:v 100k -c:a libopus")]
    [InlineData("film.ts", 20, "-c:v libx264 -pix_fmt yuv420p -c:a aac")]
    [InlineData("film.mpg", 20, "-c:v mpeg2video -r 25 -c:a mp2")]
    [InlineData("film.avi", 20, "-c:v mpeg4 -c:a libmp3lame -q:a 5")]
    [InlineData("film.flv", 20, "-c:v flv1 -c:a libmp3lame -ar 22050")]
    [InlineData("film.wmv", 20, "-c:v wmv2 -c:a wmav2")]
    public async Task Films(string name, int seconds, string arguments)
    {
        using var directory = new TemporaryDirectory();
        await AssertWholeAsync(Make(directory, name, ["-f", "lavfi", "-i", $"testsrc=d={seconds}:s=64x64:r=10", "-i", Wav, .. Split(arguments)]), WavSeconds);
    }

    [Fact]
    public async Task A_film_with_subtitles_and_a_second_track_that_is_shorter()
    {
        using var directory = new TemporaryDirectory();
        string text = directory.Write("a.srt", "1\n00:00:01,000 --> 00:00:30,000\nhello\n"u8);
        string path = Make(directory, "a.mkv", ["-i", Wav, "-t", "1", "-i", Wav, "-i", text, "-map", "0", "-map", "1", "-map", "2", "-c:a", "aac"]);

        await AssertWholeAsync(path, WavSeconds);
        await AssertWholeAsync(path, 1, new AudioInputOptions { Track = 2 });
    }

    // What was recorded from the middle of a picture on: ffmpeg complains of the picture alone.
    [Fact]
    public async Task A_recording_of_television_that_begins_between_two_pictures()
    {
        using var directory = new TemporaryDirectory();
        string path = Make(directory, "a.ts", ["-f", "lavfi", "-i", "testsrc=d=20:s=64x64:r=10", "-stream_loop", "3", "-i", Wav, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac", "-t", "16"]);
        byte[] bytes = await File.ReadAllBytesAsync(path);

        string late = directory.Write("late.ts", bytes.AsSpan(188 * 200));
        string unaligned = directory.Write("unaligned.ts", bytes.AsSpan((188 * 200) + 77));

        await AssertWholeAsync(late, SecondsOfAac(late));
        await AssertWholeAsync(unaligned, SecondsOfAac(unaligned));
    }

    [Fact]
    public async Task Files_that_are_put_behind_one_another()
    {
        using var directory = new TemporaryDirectory();
        string cover = Make(directory, "cover.jpg", ["-f", "lavfi", "-i", "testsrc=s=600x600:d=1", "-frames:v", "1"]);
        string one = Make(directory, "one.mp3", ["-i", Wav, "-q:a", "6"]);
        string other = Make(directory, "other.mp3", ["-i", Wav, "-i", cover, "-map", "0", "-map", "1", "-ar", "44100", "-ac", "2", "-b:a", "320k"]);
        foreach ((string first, string second) in new[] { (one, one), (one, other), (other, one) })
            await AssertWholeAsync(directory.Write("both.mp3", [.. await File.ReadAllBytesAsync(first), .. await File.ReadAllBytesAsync(second)]), 2 * WavSeconds);

        foreach (string name in (string[])["a.aac", "a.ac3", "a.ts", "a.mpg", "a.opus"])
        {
            byte[] bytes = await File.ReadAllBytesAsync(Make(directory, name, ["-i", Wav]));
            byte[] next = await File.ReadAllBytesAsync(Make(directory, "next-" + name, ["-i", Wav]));
            await AssertWholeAsync(directory.Write("both-" + name, [.. bytes, .. next]), 2 * WavSeconds);
        }
    }

    [Theory]
    [InlineData("a.mp3", "-q:a 6")]
    [InlineData("a.flac", "")]
    [InlineData("a.m4a", "")]
    [InlineData("a.opus", "")]
    [InlineData("a.mkv", "-c:a libopus")]
    [InlineData("a.avi", "-c:a libmp3lame")]
    [InlineData("a.wma", "")]
    public async Task Tags_and_zeros_of_others_behind_the_end(string name, string arguments)
    {
        using var directory = new TemporaryDirectory();
        byte[] bytes = await File.ReadAllBytesAsync(Make(directory, name, ["-i", Wav, .. Split(arguments)]));

        await AssertWholeAsync(directory.Write("tag-" + name, [.. bytes, .. System.Text.Encoding.ASCII.GetBytes(Tag), .. new byte[125]]), WavSeconds);
        await AssertWholeAsync(directory.Write("zeros-" + name, [.. bytes, .. new byte[5000]]), WavSeconds);
    }

    [Fact]
    public async Task Junk_behind_the_last_frame_that_an_MP3_announces()
    {
        using var directory = new TemporaryDirectory();
        byte[] bytes = await File.ReadAllBytesAsync(Make(directory, "a.mp3", ["-i", Wav]));
        byte[] lyrics = [.. "LYRICSBEGININD0000200LYR00004abcd000028LYRICS200TAG"u8, .. new byte[125]];
        byte[] junk = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("What a download manager left.\n", 20)));

        await AssertWholeAsync(directory.Write("lyrics.mp3", [.. bytes, .. lyrics]), WavSeconds);
        await AssertWholeAsync(directory.Write("junk.mp3", [.. bytes, .. junk]), WavSeconds);
    }

    [Fact]
    public async Task Audio_of_a_moment_and_silence()
    {
        using var directory = new TemporaryDirectory();
        foreach (string name in (string[])["a.mp3", "a.m4a", "a.opus", "a.webm", "a.flac"])
            await AssertWholeAsync(Make(directory, "moment-" + name, ["-i", Wav, "-ss", "1", "-t", "0.2"]), 0.15);
        await AssertWholeAsync(Make(directory, "silence.mp3", ["-f", "lavfi", "-i", "anullsrc=d=20:r=44100"]), 20);
    }

    // What is left of the frames, without decoding them: each has 1024 samples, and the mark and the size of its header (ISO 13818-7).
    private static double SecondsOfAac(string path)
    {
        byte[] frames = Media.Bytes("-i", path, "-map", "0:a:0", "-c:a", "copy", "-f", "adts");
        int count = 0;
        for (int position = 0; position < frames.Length; count++)
        {
            Assert.Equal(0xFF, frames[position]);
            position += ((frames[position + 3] & 3) << 11) | (frames[position + 4] << 3) | (frames[position + 5] >> 5);
        }

        return count * 1024 / 16000.0;
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Make(TemporaryDirectory directory, string name, string[] arguments)
    {
        string path = directory.PathOf(name);
        Media.Make([.. arguments, path]);
        return path;
    }

    // Through a pipe damage would be kept, so that all is told that is held against the file.
    private static async Task AssertWholeAsync(string path, double seconds, AudioInputOptions? options = null)
    {
        options ??= new AudioInputOptions();
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bool isForSndfile = AudioFileSignature.FindInFile(bytes)?.PrefersSndfile == true;
        foreach (DecoderSettings decoders in isForSndfile ? [Media.Default, Media.FfmpegOnly] : (DecoderSettings[])[Media.Default])
            Assert.InRange(await Media.CountAsync(path, options with { Decoders = decoders }) / 16000.0, seconds - 0.1, seconds + 1.5);

        var damage = new DamageLog();
        using SampleReader pipe = await AudioInput.OpenAsync(new ForwardOnlyStream(bytes), options with { Damage = damage }, leaveOpen: false, CancellationToken.None);
        Assert.InRange(await Media.CountAsync(pipe) / 16000.0, seconds - 0.1, seconds + 1.5);
        Assert.Null(damage.First);
    }
}
