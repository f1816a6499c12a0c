using System.IO.Compression;
using System.Text;
using Steno.Audio;
using Steno.Audio.Decoders;
using Steno.Tests.Audio.Decoders;

namespace Steno.Tests.Audio;

/// <summary>What stands in a pipe in place of samples is known for what it is.</summary>
public sealed class SignatureTests
{
    private static AudioInputOptions WithoutDecoders => new() { Decoders = new DecoderSettings { Ffmpeg = DecoderSettings.None, Sndfile = DecoderSettings.None } };

    public static TheoryData<string, byte[], string> ForeignFiles => new()
    {
        { "zip", Zip(), "a ZIP archive" },
        { "gzip", Gzip(), "gzip" },
        { "bzip2", [.. "BZh91AY&SY"u8, 1, 2, 3, 4], "bzip2" },
        { "xz", [0xFD, .. "7zXZ"u8, 0, 0, 4, 1, 2, 3, 4], "xz" },
        { "zstd", [0x28, 0xB5, 0x2F, 0xFD, 4, 0, 1, 2, 3, 4, 5, 6], "zstd" },
        { "7z", [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C, 0, 4, 0, 0, 0, 0], "a 7-Zip archive" },
        { "rar", [.. "Rar!"u8, 0x1A, 7, 1, 0, 0, 0, 0, 0], "a RAR archive" },
        { "tar", [.. "name"u8, .. new byte[253], .. "ustar"u8, 0, .. new byte[300]], "a tar archive" },
        { "pdf", [.. "%PDF-1.7\n%"u8, 0xE2, 0xE3, 0xCF, 0xD3, 10], "a PDF document" },
        { "doc", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[500]], "Microsoft Office" },
        { "png", [0x89, .. "PNG\r\n"u8, 0x1A, 10, 0, 0, 0, 13, .. "IHDR"u8], "a PNG image" },
        { "jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, 1, 1], "a JPEG image" },
        { "gif", [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0], "a GIF image" },
        { "webp", [.. "RIFF"u8, 36, 0, 0, 0, .. "WEBPVP8 "u8, .. new byte[20]], "a WebP image" },
        { "bmp", [.. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 4, 0, 0, 0], "a BMP image" },
        { "tiff", [.. "II*"u8, 0, 8, 0, 0, 0, 0, 0, 0, 0], "a TIFF image" },
        { "elf", [0x7F, .. "ELF"u8, 2, 1, 1, 0, 0, 0, 0, 0], "a program or library (ELF)" },
        { "exe", [.. "MZ"u8, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0], "Windows" },
        { "wasm", [0, .. "asm"u8, 1, 0, 0, 0, 1, 2, 3, 4], "WebAssembly" },
        { "sqlite", [.. "SQLite format 3"u8, 0, 16, 0, 1, 1], "an SQLite database" },
        { "gguf", [.. "GGUF"u8, 3, 0, 0, 0, 1, 0, 0, 0], "a GGUF model" },
        { "safetensors", [0x80, 2, 0, 0, 0, 0, 0, 0, .. "{\"tensor\":{}}"u8], "a safetensors model" },
        { "npy", [0x93, .. "NUMPY"u8, 1, 0, 0x76, 0, 0x7B, 0x27], "a NumPy array" },
        { "midi", [.. "MThd"u8, 0, 0, 0, 6, 0, 1, 0, 2], "a MIDI file" },
        { "h264", [0, 0, 0, 1, 0x67, 0x64, 0, 0x0A, 1, 2, 3, 4], "H.264" },
        { "mxf", [6, 0x0E, 0x2B, 0x34, 2, 5, 1, 1, 0x0D, 1, 2, 1], "MXF" },
        { "html", "\n<!DOCTYPE html>\n<html><body>404 Not Found</body></html>"u8.ToArray(), "an HTML page" },
        { "text", "Dies ist kein Ton, sondern Text: äöü 音乐.\r\n"u8.ToArray(), "but text" },
        { "short text", "no.\n"u8.ToArray(), "but text" },
        { "utf16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("This is text of Windows.\r\n")], "text in UTF-16" },
        { "utf16 of other scripts", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Это не звук, а текст. 这不是声音。 „Nein“ 🎵\r\n")], "text in UTF-16" },
        { "utf16 of other byte order", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("Это не звук, а текст. 这不是声音。\r\n")], "text in UTF-16" },
    };

    [Theory, MemberData(nameof(ForeignFiles))]
    public async Task What_is_no_audio_is_named_and_not_taken_for_samples(string name, byte[] bytes, string expected)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write(name + ".wav", bytes);
        foreach (AudioInputOptions options in (AudioInputOptions[])[new(), WithoutDecoders])
        {
            var fault = await Assert.ThrowsAsync<AudioFormatException>(async () => await AudioInput.OpenFileAsync(path, options, CancellationToken.None));
            Assert.StartsWith(path + (bytes.Length < 12 ? ": 4 bytes are too few" : ": this is no audio but "), fault.Message, StringComparison.Ordinal);
            if (bytes.Length >= 12) Assert.Contains(expected, fault.Message, StringComparison.Ordinal);

            fault = await Assert.ThrowsAsync<AudioFormatException>(async () => await AudioInput.OpenAsync(new ForwardOnlyStream(bytes, 7), options, leaveOpen: false, CancellationToken.None));
            Assert.StartsWith("this is no audio but ", fault.Message, StringComparison.Ordinal);
            Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        }

        using SampleReader asked = await AudioInput.OpenAsync(new ForwardOnlyStream([.. bytes, .. new byte[bytes.Length & 1]]), AudioEncoding.Pcm16, leaveOpen: false, CancellationToken.None);
        Assert.Equal((bytes.Length + 1) / 2, await Media.CountAsync(asked));
    }

    // Through a pipe these were taken for samples.
    [Theory]
    [InlineData("ts", "-c:a mp2")]
    [InlineData("ts", "-c:a aac")]
    [InlineData("m2ts", "-c:a mp2 -mpegts_m2ts_mode 1")]
    [InlineData("mpg", "-c:a mp2")]
    [InlineData("vob", "-c:a ac3")]
    [InlineData("ac3", "")]
    [InlineData("ac3", "-ar 44100 -ac 6 -b:a 448k")]
    [InlineData("eac3", "")]
    [InlineData("dts", "-strict -2 -ar 48000 -ac 2 -c:a dca")]
    [InlineData("thd", "-strict -2 -c:a truehd")]
    [InlineData("mlp", "-strict -2")]
    [InlineData("latm", "-c:a aac")]
    [InlineData("tta", "")]
    [InlineData("wv", "")]
    [InlineData("voc", "")]
    [InlineData("rm", "-c:a ac3")]
    [InlineData("nut", "")]
    [InlineData("sox", "")]
    [InlineData("ircam", "")]
    [InlineData("3gp", "-c:a aac")]
    [InlineData("mov", "-c:a pcm_s16le")]
    [InlineData("mp2", "")]
    [InlineData("flv", "-c:a mp3 -ar 44100")]
    [InlineData("avi", "-c:a mp3")]
    public async Task A_pipe_gives_the_samples_of_the_file(string extension, string arguments)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a." + extension);
        Media.Make(["-i", Samples.AudioPath("english-3"), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), path]);

        using SampleReader file = await AudioInput.OpenFileAsync(path, new AudioInputOptions(), CancellationToken.None);
        float[] expected = await AudioFixtures.ReadAllAsync(file);
        using SampleReader pipe = await AudioInput.OpenAsync(
            new ForwardOnlyStream(await File.ReadAllBytesAsync(path), 1000),
            new AudioInputOptions { OnRawAssumed = () => Assert.Fail("taken for raw samples") },
            leaveOpen: false,
            CancellationToken.None);

        Assert.InRange(expected.Length, Samples.Read(Samples.AudioPath("english-3")).Length - 200, int.MaxValue);
        Assert.Equal(expected, await AudioFixtures.ReadAllAsync(pipe));
    }

    // As from a tuner or a radio station, which nobody joins at the start of a packet.
    [Theory]
    [InlineData("ts", "-c:a mp2", 188 * 3 + 77)]
    [InlineData("m2ts", "-c:a mp2 -mpegts_m2ts_mode 1", 192 * 3 + 100)]
    [InlineData("mp3", "-b:a 32k -write_xing 0 -id3v2_version 0", 2000)]
    [InlineData("aac", "", 3001)]
    [InlineData("ac3", "", 5000)]
    public async Task A_stream_that_was_joined_under_way_is_known(string extension, string arguments, int offset)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a." + extension);
        Media.Make(["-i", Samples.AudioPath("english-3"), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), path]);
        byte[] bytes = await File.ReadAllBytesAsync(path);

        var fault = await Assert.ThrowsAsync<AudioFormatException>(async () =>
            await AudioInput.OpenAsync(new ForwardOnlyStream(bytes[offset..], 100), WithoutDecoders, leaveOpen: false, CancellationToken.None));

        Assert.StartsWith("this is not a WAV file but looks like ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speech_from_any_place_on_is_taken_for_nothing_else()
    {
        foreach (string path in Directory.GetFiles(Repository.PathOf("samples", "audio"), "*.wav"))
        {
            byte[] samples = (await File.ReadAllBytesAsync(path)).AsSpan(44).ToArray();
            for (int start = 0; start < samples.Length; start += 500) AssertRaw(samples.AsSpan(start, Math.Min(9000, samples.Length - start)));
        }
    }

    // Values that do not change, or come again at the distance of packets, have the marks of a transport stream but not its numbers.
    [Fact]
    public void Noise_and_sound_that_repeats_are_taken_for_nothing_else()
    {
        var random = new Random(11);
        byte[] bytes = new byte[9000];
        for (int round = 0; round < 1000; round++)
        {
            random.NextBytes(bytes);
            int period = random.Next(4) switch
            {
                0 => bytes.Length,
                1 => 2,
                2 => 188,
                _ => 2 * random.Next(1, 500),
            };
            if (round % 2 == 0) bytes.AsSpan(0, 4).Fill((byte)random.Next(1, 256));
            if (round % 5 == 0) bytes[0] = 0x47;
            for (int i = period; i < bytes.Length; i++) bytes[i] = bytes[i - period];
            Assert.Null(AudioFileSignature.Find(bytes));
            Assert.Null(ForeignFile.FindKnown(bytes));
        }

        AssertRaw(new byte[9000]);
    }

    [Fact]
    public async Task Only_samples_that_nobody_asked_for_are_told()
    {
        byte[] wav = await File.ReadAllBytesAsync(Samples.AudioPath("english-1"));
        Assert.True(await IsToldAsync(wav[44..], AudioEncoding.Auto));
        Assert.True(await IsToldAsync([0, 0x40], AudioEncoding.Auto));
        Assert.False(await IsToldAsync(wav[44..], AudioEncoding.Pcm16));
        Assert.False(await IsToldAsync(wav[44..^2], AudioEncoding.Float32));
        Assert.False(await IsToldAsync(wav, AudioEncoding.Auto));
        Assert.False(await IsToldAsync([], AudioEncoding.Auto));
    }

    private static async Task<bool> IsToldAsync(byte[] bytes, AudioEncoding encoding)
    {
        bool isTold = false;
        var options = new AudioInputOptions { Encoding = encoding, OnRawAssumed = () => isTold = true };
        using SampleReader reader = await AudioInput.OpenAsync(new ForwardOnlyStream(bytes), options, leaveOpen: false, CancellationToken.None);
        return isTold;
    }

    private static void AssertRaw(ReadOnlySpan<byte> bytes)
    {
        Assert.Null(AudioFileSignature.Find(bytes));
        Assert.Null(ForeignFile.Find(bytes, isWhole: true, isWav: false));
    }

    private static byte[] Zip()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (var writer = new StreamWriter(archive.CreateEntry("a.txt").Open()))
            writer.Write("no audio");
        return stream.ToArray();
    }

    private static byte[] Gzip()
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write("no audio"u8);
        return stream.ToArray();
    }
}
