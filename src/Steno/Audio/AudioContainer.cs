namespace Steno.Audio;

/// <summary>A kind of audio file other than WAV, and who reads it best.</summary>
/// <param name="Name">The name for messages.</param>
/// <param name="PrefersSndfile">Whether libsndfile is asked before ffmpeg.</param>
/// <param name="NeedsSeeking">Whether the description of the audio may stand at the end, so that a pipe is not enough.</param>
internal sealed record AudioContainer(string Name, bool PrefersSndfile = false, bool NeedsSeeking = false)
{
    // For MPEG audio libsndfile stops without a word at the count in the first header, and writes warnings on standard error.
    public static readonly AudioContainer Mp3 = new("MP3");
    public static readonly AudioContainer Flac = new("FLAC", PrefersSndfile: true);
    public static readonly AudioContainer Ogg = new("Ogg (Opus or Vorbis)", PrefersSndfile: true);
    public static readonly AudioContainer Mp4 = new("MP4 or M4A", NeedsSeeking: true);
    public static readonly AudioContainer Matroska = new("WebM or Matroska");
    public static readonly AudioContainer Aiff = new("AIFF", PrefersSndfile: true);
    public static readonly AudioContainer Caf = new("CAF", PrefersSndfile: true, NeedsSeeking: true);
    public static readonly AudioContainer Au = new("AU", PrefersSndfile: true);
    public static readonly AudioContainer Amr = new("AMR");
    public static readonly AudioContainer Rifx = new("RIFX (big-endian WAV)", PrefersSndfile: true);
    public static readonly AudioContainer Wave64 = new("Wave64", PrefersSndfile: true);

    // ffmpeg looks for the tags at its end first, and takes them for damage where it cannot.
    public static readonly AudioContainer WavPack = new("WavPack", NeedsSeeking: true);
    public static readonly AudioContainer Asf = new("Windows Media (ASF)");
    public static readonly AudioContainer Avi = new("AVI");
    public static readonly AudioContainer Flv = new("Flash video");
    public static readonly AudioContainer Aac = new("AAC");
    public static readonly AudioContainer Mpeg = new("MP3 or other MPEG audio");
    public static readonly AudioContainer TransportStream = new("an MPEG transport stream");
    public static readonly AudioContainer ProgramStream = new("an MPEG program stream");
    public static readonly AudioContainer Ac3 = new("AC-3 or E-AC-3");
    public static readonly AudioContainer Dts = new("DTS");
    public static readonly AudioContainer Mlp = new("TrueHD or MLP");
    public static readonly AudioContainer Latm = new("AAC in LATM");
    public static readonly AudioContainer TrueAudio = new("True Audio (TTA)");
    public static readonly AudioContainer MonkeysAudio = new("Monkey's Audio (APE)", NeedsSeeking: true);
    public static readonly AudioContainer Musepack = new("Musepack", NeedsSeeking: true);
    public static readonly AudioContainer Tak = new("TAK", NeedsSeeking: true);
    public static readonly AudioContainer Dsf = new("DSF");
    public static readonly AudioContainer Voc = new("Creative Voice (VOC)");
    public static readonly AudioContainer RealMedia = new("RealMedia");
    public static readonly AudioContainer Oma = new("Sony OpenMG (OMA)");
    public static readonly AudioContainer Ircam = new("IRCAM", PrefersSndfile: true);
    public static readonly AudioContainer Sox = new("SoX");
    public static readonly AudioContainer Nut = new("NUT");
    public static readonly AudioContainer Qcp = new("QCP");
    public static readonly AudioContainer Sphere = new("NIST SPHERE", PrefersSndfile: true, NeedsSeeking: true);
    public static readonly AudioContainer CompressedWav = new("WAV with compressed audio", PrefersSndfile: true);
    public static readonly AudioContainer Unknown = new("no format that Steno knows");
}
