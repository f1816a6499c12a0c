using Steno.Audio.Containers;

namespace Steno.Audio.Decoders;

/// <summary>What ffmpeg complained of, by kind: of each the first and the last, and where the first was.</summary>
internal sealed class FfmpegComplaints
{
    private readonly Dictionary<ComplaintKind, Complaint> _complaints = [];

    // Decoders of pictures and subtitles, which only look at a few packets to tell what the tracks are.
    private static readonly HashSet<string> OtherDecoders = new(
        [
            "h261", "h263", "h264", "hevc", "vvc", "mpeg1video", "mpeg2video", "mpegvideo", "mpeg4", "msmpeg4", "msmpeg4v1", "msmpeg4v2", "vc1", "wmv1", "wmv2", "wmv3",
            "vp3", "vp5", "vp6", "vp6f", "vp7", "vp8", "vp9", "av1", "libdav1d", "libaom-av1", "theora", "mjpeg", "png", "bmp", "gif", "tiff", "webp", "jpeg2000", "prores", "dnxhd",
            "dvvideo", "rv10", "rv20", "rv30", "rv40", "svq1", "svq3", "cinepak", "indeo3", "indeo5", "ffv1", "huffyuv", "utvideo", "flashsv", "flv1", "rawvideo", "swscaler",
            "ass", "ssa", "srt", "subrip", "mov_text", "webvtt", "dvbsub", "dvdsub", "pgssub", "cc_dec", "eia_608",
        ],
        StringComparer.Ordinal);

    /// <summary>What a line complains of; null when it is of no consequence.</summary>
    /// <param name="line">A line of a warning or an error.</param>
    /// <param name="text">Its text.</param>
    public static ComplaintKind? KindOf(FfmpegLine line, string text)
    {
        if (text.Length == 0 || OtherDecoders.Contains(line.Context)) return null;
        if (Contains(text, "corrupt input packet") || Contains(text, "corrupt decoded frame")) return ComplaintKind.Short;
        if (line.Level != FfmpegLevel.Error || IsOfNoConsequence(line.Context, text)) return null;
        return IsStray(text) ? ComplaintKind.Stray : ComplaintKind.Damage;
    }

    public bool Has(ComplaintKind kind) => _complaints.ContainsKey(kind);

    public void Add(ComplaintKind kind, string text, double seconds) =>
        _complaints[kind] = _complaints.TryGetValue(kind, out Complaint known) ? known with { Last = text, Seconds = known.Seconds > 0 ? known.Seconds : seconds } : new Complaint(text, text, seconds);

    /// <summary>The complaints in one line; null when there are none.</summary>
    public string? Summary(Func<ComplaintKind, bool> isExplained)
    {
        List<string> texts = [.. Unexplained(isExplained).SelectMany(complaint => new[] { complaint.First, complaint.Last }).Distinct()];
        return texts.Count == 0 ? null : texts.Count == 1 ? texts[0] : $"{texts[0]}; {texts[^1]}";
    }

    /// <summary>Where the first is, in seconds; null when there are none.</summary>
    /// <remarks>What is told before decoding begins lies at its start, unless it is told again: ffmpeg looks at the end of some files first.</remarks>
    public double? Seconds(Func<ComplaintKind, bool> isExplained) =>
        Unexplained(isExplained).Select(complaint => (double?)complaint.Seconds).OrderBy(seconds => seconds is 0).ThenBy(seconds => seconds).FirstOrDefault();

    private IEnumerable<Complaint> Unexplained(Func<ComplaintKind, bool> isExplained) =>
        _complaints.Where(entry => !isExplained(entry.Key)).OrderByDescending(entry => entry.Key).Select(entry => entry.Value);

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    // The first ones of libavcodec: no frame where one was to be. The others say no more than that a decoder gave back such an error.
    private static bool IsStray(string text) =>
        text is "Header missing" or "invalid sync code" or "invalid frame header" or "decode_frame() failed" or "failed to create or replace stream"
        || text.StartsWith("Error parsing the packet header", StringComparison.Ordinal)
        || Contains(text, "Error while decoding stream")
        || Contains(text, "Error submitting packet to decoder")
        || Contains(text, "Error submitting a packet to decoder");

    // Time stamps matter to the WAV that it writes no more than that it was told to do what follows.
    private static bool IsOfNoConsequence(string context, string text) =>
        context == "wav" || context.EndsWith("/wav", StringComparison.Ordinal)
        || text.StartsWith("To ignore this, add a trailing '?'", StringComparison.Ordinal)
        || text.StartsWith("Conversion failed!", StringComparison.Ordinal);

    private readonly record struct Complaint(string First, string Last, double Seconds);
}
