using Steno.Audio;
using Steno.Audio.Containers;
using Steno.Tests.Audio.Decoders;

namespace Steno.Tests.Audio.Containers;

public sealed class ContainerWalkTests
{
    private static string Wav => Samples.AudioPath("english-3");

    private static double WavSeconds => Samples.Read(Wav).Length / 16000.0;

    // Configurations of RFC 6716, table 2, each with one frame; then codes 1, 2 and 3.
    [Theory]
    [InlineData(0x00, 0, 10)]
    [InlineData(0x08, 0, 20)]
    [InlineData(0x10, 0, 40)]
    [InlineData(0x18, 0, 60)]
    [InlineData(0x58, 0, 60)]
    [InlineData(0x60, 0, 10)]
    [InlineData(0x78, 0, 20)]
    [InlineData(0x80, 0, 2.5)]
    [InlineData(0x88, 0, 5)]
    [InlineData(0xF0, 0, 10)]
    [InlineData(0xF8, 0, 20)]
    [InlineData(0xF9, 0, 40)]
    [InlineData(0xFA, 0, 40)]
    [InlineData(0xFB, 6, 120)]
    [InlineData(0x83, 0xC0 | 48, 120)]
    [InlineData(0xFB, 63, 120)]
    [InlineData(0xFB, 0, 0)]
    public void The_first_bytes_of_an_Opus_packet_tell_how_long_it_lasts(int first, int second, double milliseconds) =>
        Assert.Equal(milliseconds * 48, OpusPacket.SampleCount([(byte)first, (byte)second]));

    [Theory]
    [InlineData("opus", "")]
    [InlineData("opus", "-c:a libopus -application voip -b:a 8k -frame_duration 60")]
    [InlineData("opus", "-c:a libopus -application voip -b:a 24k -frame_duration 10")]
    [InlineData("opus", "-c:a libopus -application lowdelay -frame_duration 2.5")]
    [InlineData("opus", "-c:a libopus -ac 2 -frame_duration 120 -page_duration 10000000")]
    [InlineData("ogg", "-c:a libvorbis")]
    [InlineData("ogg", "-c:a libvorbis -ar 44100 -ac 2 -q:a 9")]
    [InlineData("ogg", "-c:a libvorbis -ar 8000")]
    [InlineData("mp3", "")]
    [InlineData("mp3", "-ar 44100 -ac 2 -q:a 0")]
    [InlineData("mp3", "-ar 8000 -b:a 8k -id3v2_version 0 -write_xing 0")]
    [InlineData("mp2", "-ar 48000")]
    [InlineData("mp2", "-ar 16000 -b:a 32k")]
    [InlineData("aac", "")]
    [InlineData("aac", "-ar 96000 -ac 2")]
    [InlineData("flac", "")]
    [InlineData("flac", "-ar 96000 -ac 2 -frame_size 16")]
    [InlineData("flac", "-ar 11025 -frame_size 65535")]
    public async Task The_frames_add_up_to_the_length_of_the_recording_whatever_pieces_they_come_in(string extension, string arguments)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a." + extension);
        Media.Make(["-i", Wav, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), path]);
        byte[] bytes = await File.ReadAllBytesAsync(path);

        double whole = SecondsOf(bytes, () => bytes.Length);
        var random = new Random(1);
        double pieces = SecondsOf(bytes, () => random.Next(1, 700));

        // Encoders pad by a frame or two, and the first of them holds nothing: 2048 samples at 8 kHz are a quarter of a second.
        Assert.InRange(whole, WavSeconds - 0.01, WavSeconds + 0.3);
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public async Task Frames_of_AMR_are_counted_as_ffmpeg_counts_them()
    {
        using var directory = new TemporaryDirectory();
        foreach ((byte[] file, int rate) in new[] { (Media.Amr(isWide: false), 8000), (Media.Amr(isWide: true), 16000) })
        {
            string path = directory.Write("a.amr", file);
            string wav = directory.PathOf("a.wav");
            Media.Make("-i", path, wav);
            float[] samples = AudioFixtures.ReadWav(wav);

            Assert.Equal((double)samples.Length / rate, SecondsOf(file, () => file.Length), tolerance: 1e-9);
        }
    }

    // RFC 4867: comfort noise of 5 bytes, frames that were lost or not sent of none.
    [Theory]
    [InlineData("#!AMR\n", 8, 5)]
    [InlineData("#!AMR\n", 15, 0)]
    [InlineData("#!AMR-WB\n", 9, 5)]
    [InlineData("#!AMR-WB\n", 14, 0)]
    [InlineData("#!AMR-WB\n", 15, 0)]
    public void Frames_of_AMR_without_speech_last_as_long(string start, int type, int bytes)
    {
        byte[] frame = [(byte)((type << 3) | 4), .. new byte[bytes]];
        byte[] file = [.. System.Text.Encoding.ASCII.GetBytes(start), .. Enumerable.Repeat(frame, 50).SelectMany(part => part)];

        Assert.Equal(1, SecondsOf(file, () => 7));
    }

    [Fact]
    public void Streams_one_after_the_other_are_added_up_and_streams_side_by_side_are_not()
    {
        using var directory = new TemporaryDirectory();
        string one = directory.PathOf("one.opus");
        Media.Make("-i", Wav, one);
        string both = directory.PathOf("both.ogg");
        Media.Make("-i", Wav, "-i", Wav, "-map", "0:a", "-map", "1:a", "-c:a", "libopus", both);
        byte[] bytes = File.ReadAllBytes(one);

        Assert.Equal(2 * SecondsOf(bytes, () => 9999), SecondsOf([.. bytes, .. bytes], () => 9999));
        Assert.InRange(SecondsOf(File.ReadAllBytes(both), () => 9999), WavSeconds, WavSeconds + 0.1);
    }

    [Theory]
    [InlineData("opus")]
    [InlineData("mp3")]
    [InlineData("aac")]
    public void Tags_at_either_end_are_no_damage(string extension)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a." + extension);
        Media.Make("-i", Wav, path);
        byte[] bytes = File.ReadAllBytes(path);
        byte[] oldTag = [.. "TAG"u8, .. new byte[125]];
        byte[] apeTag = [.. "APETAGEX"u8, 0xD0, 7, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xA0, .. new byte[8 + 40]];
        byte[] newTag = [.. "ID3"u8, 4, 0, 0, 0, 0, 2, 0, .. Enumerable.Repeat((byte)0xFF, 256)];

        double expected = SecondsOf(bytes, () => bytes.Length);
        Assert.Equal(expected, SecondsOf([.. bytes, .. oldTag], () => 1000));
        Assert.Equal(expected, SecondsOf([.. bytes, .. apeTag, .. oldTag], () => 1000));
        if (extension != "opus") Assert.Equal(expected, SecondsOf([.. newTag, .. new byte[300], .. bytes], () => 1000));
    }

    // A frame of 128 kbit/s at 44.1 kHz has 144 * 128000 / 44100 = 417 bytes; the table of Fraunhofer's encoder begins after 36 of them.
    [Theory]
    [InlineData(10, false)]
    [InlineData(12, true)]
    public void A_table_of_the_frames_of_an_MP3_is_held_against_those_that_are_there(int claimed, bool isCut)
    {
        byte[] frame = [0xFF, 0xFB, 0x90, 0, .. new byte[413]];
        byte[] first = [.. frame];
        "VBRI"u8.CopyTo(first.AsSpan(36));
        first[36 + 17] = (byte)claimed;
        byte[] file = [.. first, .. Enumerable.Repeat(frame, 10).SelectMany(part => part)];

        if (isCut) Assert.Contains("12 frames follow, but there are 10", Assert.Throws<AudioFormatException>(() => SecondsOf(file, () => 999)).Message, StringComparison.Ordinal);
        else Assert.Equal(10 * 1152 / 44100.0, SecondsOf(file, () => 999), tolerance: 1e-9);
    }

    [Fact]
    public void Damage_of_an_Ogg_page_and_bytes_between_two_are_told()
    {
        byte[] bytes = Media.OpusBomb(pageCount: 3, isHonest: true);
        byte[] damaged = [.. bytes];
        damaged[^1] ^= 1;
        int second = bytes.AsSpan(4).IndexOf("OggS"u8) + 4;
        byte[] parted = [.. bytes[..second], 1, 2, 3, .. bytes[second..]];

        Assert.Contains("checksum is wrong", Assert.Throws<AudioFormatException>(() => SecondsOf(damaged, () => 1000)).Message, StringComparison.Ordinal);
        Assert.Contains($"before the one at byte {second + 3}: the file is damaged", Assert.Throws<AudioFormatException>(() => SecondsOf(parted, () => 1000)).Message, StringComparison.Ordinal);
    }

    /// <summary>Any bytes at all end in a length or in the one exception, and never in a wait for more.</summary>
    [Fact]
    public void Mutants_of_every_container_are_followed_or_refused()
    {
        using var directory = new TemporaryDirectory();
        var random = new Random(3);
        foreach (string extension in (string[])["opus", "ogg", "mp3", "aac", "flac", "amr", "mpg"])
        {
            string path = directory.PathOf("a." + extension);
            if (extension == "amr") File.WriteAllBytes(path, Media.Amr(isWide: false));
            else Media.Make("-i", Samples.AudioPath("english-1"), path);
            byte[] original = File.ReadAllBytes(path);
            AudioContainer container = AudioFileSignature.FindInFile(original)!;
            for (int round = 0; round < 300; round++)
            {
                byte[] mutant = original[..random.Next(1, original.Length + 1)];
                for (int i = random.Next(8); i > 0; i--) mutant[random.Next(Math.Min(mutant.Length, 400))] = (byte)random.Next(256);
                try
                {
                    Assert.InRange(Follow(container, mutant, () => random.Next(1, 5000)), 0, 3600 * 12);
                }
                catch (AudioFormatException)
                {
                    // As good an end.
                }
            }
        }
    }

    private static double SecondsOf(byte[] bytes, Func<int> nextLength) => Follow(AudioFileSignature.FindInFile(bytes)!, bytes, nextLength);

    private static double Follow(AudioContainer container, byte[] bytes, Func<int> nextLength)
    {
        ContainerWalk walk = ContainerWalk.Create(container, TimeSpan.FromHours(12), message => new AudioFormatException(message))!;
        for (int position = 0; position < bytes.Length;)
        {
            int length = Math.Min(nextLength(), bytes.Length - position);
            walk.Push(bytes.AsSpan(position, length));
            position += length;
        }

        walk.End();
        return walk.Seconds;
    }
}
