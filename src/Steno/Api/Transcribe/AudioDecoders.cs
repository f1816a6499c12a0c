using Steno.Audio.Decoders;

namespace Steno;

/// <summary>What this machine has to read audio other than WAV.</summary>
public static class AudioDecoders
{
    /// <summary>How to install the decoders on this system.</summary>
    public static string InstallHint => AudioDecoder.InstallHint;

    /// <summary>Looks for libsndfile and ffmpeg, as a transcription would; takes the time of a start of ffmpeg.</summary>
    public static IReadOnlyList<AudioDecoderInfo> Find()
    {
        DecoderSettings settings = DecoderSettings.FromEnvironment();
        SndfileLibrary? sndfile = SndfileLibrary.Load(settings.Sndfile);
        string? ffmpeg = FfmpegProgram.Find(settings.Ffmpeg);
        return
        [
            new AudioDecoderInfo("libsndfile", sndfile?.Name, sndfile is null ? null : SndfileVersion(sndfile.Version)),
            new AudioDecoderInfo("ffmpeg", ffmpeg, ffmpeg is null ? null : FfmpegProgram.VersionOf(ffmpeg)),
        ];
    }

    private static string SndfileVersion(string text) => ErrorText.Clean(text.StartsWith("libsndfile-", StringComparison.Ordinal) ? text["libsndfile-".Length..] : text);
}
