namespace Steno.Audio;

/// <summary>Tells by the first bytes what kind of file was given in place of a WAV.</summary>
internal static class AudioFileSignature
{
    /// <summary>Bytes that are looked at.</summary>
    public const int LookAheadBytes = 12;

    /// <summary>The format whose signature of three bytes or more the audio begins with; null when there is none.</summary>
    /// <param name="start">The first bytes, up to <see cref="LookAheadBytes"/>.</param>
    public static string? Find(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("ID3"u8)) return "MP3";
        if (start.StartsWith("fLaC"u8)) return "FLAC";
        if (start.StartsWith("OggS"u8)) return "Ogg (Opus or Vorbis)";
        if (start.Length >= 8 && start[4..].StartsWith("ftyp"u8)) return "MP4 or M4A";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) return "WebM or Matroska";
        if (start.StartsWith("FORM"u8) && start.Length >= 12 && start[8..].StartsWith("AIF"u8)) return "AIFF";
        if (start.StartsWith("caff"u8)) return "CAF";
        if (start.StartsWith(".snd"u8)) return "AU";
        if (start.StartsWith("#!AMR"u8)) return "AMR";
        if (start.StartsWith("RIFX"u8)) return "RIFX (big-endian WAV)";
        if (start.StartsWith("riff"u8)) return "Wave64";
        if (start.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75])) return "Windows Media (ASF)";
        return null;
    }

    /// <summary>The message for a file that is no WAV.</summary>
    /// <param name="start">Its first bytes, up to <see cref="LookAheadBytes"/>.</param>
    public static string Describe(ReadOnlySpan<byte> start)
    {
        string? name = Find(start) ?? FindFrameSync(start);
        string what = name is null
            ? "this is not a WAV file: it does not begin with RIFF or RF64."
            : $"this is not a WAV file but looks like {name}.";
        return what + " Convert it first, for example with 'ffmpeg -i INPUT -ar 16000 -ac 1 OUTPUT.wav'; for raw samples, say which encoding they have.";
    }

    // Headers of single frames are too short to tell them from samples, but a file that should be a WAV is none of these by chance.
    private static string? FindFrameSync(ReadOnlySpan<byte> start)
    {
        if (start.Length < 2 || start[0] != 0xFF) return null;
        return (start[1] & 0xF6) switch
        {
            0xF0 => "AAC",
            0xE2 or 0xF2 or 0xE4 or 0xF4 or 0xE6 or 0xF6 => "MP3 or other MPEG audio",
            _ => null,
        };
    }
}
