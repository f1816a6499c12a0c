using System.Buffers.Binary;
using System.Diagnostics;
using Steno.Audio;
using Steno.Audio.Decoders;

namespace Steno.Tests.Audio.Decoders;

/// <summary>Makes audio of other formats, with the ffmpeg of this machine.</summary>
internal static class Media
{
    public static DecoderSettings Default => new();

    public static DecoderSettings FfmpegOnly => new() { Sndfile = DecoderSettings.None };

    public static DecoderSettings SndfileOnly => new() { Ffmpeg = DecoderSettings.None };

    public static void RequireFfmpeg() => Assert.SkipWhen(FfmpegProgram.Find(null) is null, "needs ffmpeg, which is not on this machine");

    public static void RequireSndfile() => Assert.SkipWhen(SndfileLibrary.Load(null) is null, "needs libsndfile, which is not on this machine");

    public static void Make(params string[] arguments)
    {
        RequireFfmpeg();
        using Process process = Process.Start(FfmpegProgram.Find(null)!, ["-nostdin", "-y", "-loglevel", "error", .. arguments]);
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, "needs an ffmpeg that writes this format");
    }

    /// <summary>What ffmpeg writes to a pipe, where it cannot go back to complete it.</summary>
    public static byte[] Bytes(params string[] arguments)
    {
        RequireFfmpeg();
        var start = new ProcessStartInfo(FfmpegProgram.Find(null)!, ["-nostdin", "-y", "-loglevel", "error", .. arguments, "pipe:1"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        using var content = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(content);
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, "needs an ffmpeg that writes this format");
        return content.ToArray();
    }

    public static async Task<int> CountAsync(string path, AudioInputOptions options)
    {
        using SampleReader reader = await AudioInput.OpenFileAsync(path, options, CancellationToken.None);
        return await CountAsync(reader);
    }

    public static async Task<int> CountAsync(SampleReader reader)
    {
        int total = 0;
        float[] block = new float[4096];
        while (await reader.ReadAsync(block, CancellationToken.None) is > 0 and int count) total += count;
        return total;
    }

    /// <summary>A script that stands in for ffmpeg.</summary>
    public static string Script(TemporaryDirectory directory, string body)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        string path = directory.Write("fake-ffmpeg", "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>An AMR file of 200 frames of speech at every rate, whose bits are chance. (Comfort noise is beyond ffmpeg's own decoder.)</summary>
    public static byte[] Amr(bool isWide)
    {
        (int Type, int Bytes)[] frames = isWide
            ? [(0, 17), (1, 23), (2, 32), (3, 36), (4, 40), (5, 46), (6, 50), (7, 58), (8, 60)]
            : [(0, 12), (1, 13), (2, 15), (3, 17), (4, 19), (5, 20), (6, 26), (7, 31)];
        var random = new Random(2);
        using var file = new MemoryStream();
        file.Write(isWide ? "#!AMR-WB\n"u8 : "#!AMR\n"u8);
        for (int i = 0; i < 200; i++)
        {
            (int type, int bytes) = frames[i % frames.Length];
            byte[] frame = new byte[1 + bytes];
            random.NextBytes(frame);
            frame[0] = (byte)((type << 3) | 4);
            file.Write(frame);
        }

        return file.ToArray();
    }

    /// <summary>An Ogg file of Opus packets of 2 bytes that each decode to 120 ms of silence.</summary>
    /// <param name="pageCount">Pages of 255 packets, 30.6 seconds each.</param>
    /// <param name="isHonest">Whether the pages say how long the audio is; else the last says 10 seconds.</param>
    public static byte[] OpusBomb(int pageCount, bool isHonest) =>
        OpusStream(pageCount, page => isHonest ? page * 255L * 5760 : page == pageCount ? 480_000 : page);

    /// <summary>Such a file with the positions that <paramref name="positionOf"/> gives its pages, counted from 1.</summary>
    public static byte[] OpusStream(int pageCount, Func<int, long> positionOf)
    {
        using var file = new MemoryStream();
        byte[] head = [.. "OpusHead"u8, 1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0];
        file.Write(Page(flags: 2, granule: 0, sequence: 0, head, head.Length));
        byte[] tags = [.. "OpusTags"u8, 0, 0, 0, 0, 0, 0, 0, 0];
        file.Write(Page(flags: 0, granule: 0, sequence: 1, tags, tags.Length));
        byte[] silence = [.. Enumerable.Repeat((byte[])[0xFB, 6], 255).SelectMany(packet => packet)];
        for (int i = 1; i <= pageCount; i++) file.Write(Page(i == pageCount ? 4 : 0, positionOf(i), i + 1, silence, packetLength: 2));
        return file.ToArray();
    }

    private static byte[] Page(int flags, long granule, int sequence, byte[] body, int packetLength)
    {
        const int ChecksumOffset = 22;
        int packetCount = body.Length / packetLength;
        byte[] page = new byte[27 + packetCount + body.Length];
        "OggS"u8.CopyTo(page);
        page[5] = (byte)flags;
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
        page[14] = 77;
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(18), sequence);
        page[26] = (byte)packetCount;
        page.AsSpan(27, packetCount).Fill((byte)packetLength);
        body.CopyTo(page, 27 + packetCount);

        uint checksum = 0;
        foreach (byte value in page)
        {
            checksum ^= (uint)value << 24;
            for (int bit = 0; bit < 8; bit++) checksum = (checksum << 1) ^ ((checksum >> 31) * 0x04C11DB7);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(ChecksumOffset), checksum);
        return page;
    }
}
