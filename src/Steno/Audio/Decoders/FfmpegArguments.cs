using System.Globalization;

namespace Steno.Audio.Decoders;

/// <summary>The command line by which ffmpeg decodes one audio track to a WAV file of floats on its standard output.</summary>
/// <remarks>
/// Rate and channels stay as they are: Steno mixes and resamples as it does for a WAV. Only demuxers of files that hold their own audio
/// are allowed: a playlist, whatever its name, must not open other files or addresses.
/// </remarks>
internal static class FfmpegArguments
{
    /// <summary>Largest single block that ffmpeg may allocate.</summary>
    private const int MaxAllocationBytes = 256 << 20;

    private static readonly string Demuxers = string.Join(
        ',',
        "mp3", "flac", "ogg", "mov", "matroska", "webm", "aiff", "caf", "au", "amr", "amrnb", "amrwb", "wav", "w64", "asf", "avi", "flv", "aac", "latm", "loas", "ac3", "eac3",
        "dts", "truehd", "mlp", "tta", "tak", "wv", "ape", "mpc", "mpc8", "mpegts", "mpeg", "dsf", "voc", "gsm", "g722", "rm", "oma", "3gp", "m4a", "mp4", "act", "qcp", "sox", "ircam", "nut");

    /// <summary>The arguments.</summary>
    /// <param name="path">The file; null for standard input.</param>
    /// <param name="track">Audio track, counted from 1.</param>
    /// <param name="checksSums">Whether check sums of the audio are looked at.</param>
    /// <param name="namesPlaces">Whether a line for each frame tells how far it is: 12 MB an hour.</param>
    public static IReadOnlyList<string> Create(string? path, int track, bool checksSums, bool namesPlaces) =>
    [
        "-nostdin", "-nostats", "-hide_banner", "-loglevel", "repeat+level+info",
        "-max_alloc", MaxAllocationBytes.ToString(CultureInfo.InvariantCulture),
        "-threads", "1", "-vn", "-sn", "-dn",
        .. checksSums ? ["-err_detect", "crccheck"] : Array.Empty<string>(),
        "-protocol_whitelist", path is null ? "pipe" : "file",
        "-format_whitelist", Demuxers,
        "-i", path is null ? "pipe:0" : "file:" + path,
        "-map", "0:a:" + (track - 1).ToString(CultureInfo.InvariantCulture),
        .. namesPlaces ? ["-af", "ashowinfo"] : Array.Empty<string>(),
        "-map_metadata", "-1", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1",
    ];
}
