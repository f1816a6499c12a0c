using System.Buffers;
using System.Globalization;
using Steno.Audio.Containers;

namespace Steno.Audio.Decoders;

/// <summary>What ffmpeg says of the audio: what it complains of, how long the container says it lasts, and where decoding ended.</summary>
/// <remarks>Lines are added by one thread while another asks.</remarks>
internal sealed class FfmpegReport
{
    private const string Refusal = "it is of a kind that Steno does not have decoded, such as a playlist, a picture or subtitles";

    /// <summary>More tracks than any file has.</summary>
    private const int MaxCorruptTracks = 64;

    /// <summary>Containers with a length that somebody wrote: other lengths are what ffmpeg makes of sizes and rates.</summary>
    private static readonly HashSet<string> StatingDemuxers = new(["mov", "matroska", "flv", "asf", "flac", "tta", "wv", "rm", "ape", "mpc", "mpc8", "tak", "dsf", "oma"], StringComparer.Ordinal);

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("-.0123456789");

    private readonly Lock _lock = new();
    private readonly FfmpegComplaints _complaints = new();
    private readonly Dictionary<int, double> _corruptTracks = [];
    private FfmpegLevel _level = FfmpegLevel.Error;
    private string _demuxer = string.Empty;
    private int _trackCount;
    private int? _track;
    private double? _duration;
    private double _start;
    private double? _end;
    private double _decodedSeconds;
    private bool _isEstimate;
    private bool _isTrackMissing;

    /// <summary>Whether the audio track that was asked for does not exist.</summary>
    public bool IsTrackMissing
    {
        get
        {
            lock (_lock)
                return _isTrackMissing;
        }
    }

    /// <summary>Whether something is wrong whatever else there is to know.</summary>
    public bool HasDamage
    {
        get
        {
            lock (_lock)
                return _complaints.Has(ComplaintKind.Damage);
        }
    }

    /// <summary>What was wrong, in one line of bounded length; null when nothing was.</summary>
    /// <param name="isExplained">Whether a kind of complaint is no damage.</param>
    public string? Summary(Func<ComplaintKind, bool> isExplained)
    {
        lock (_lock)
            return _complaints.Summary(isExplained);
    }

    /// <summary>Where in the audio the first damage is, in seconds; null when there is none, or ffmpeg was not told to name places.</summary>
    /// <param name="isExplained">Whether a kind of complaint is no damage.</param>
    public double? DamageSeconds(Func<ComplaintKind, bool> isExplained)
    {
        lock (_lock)
            return _decodedSeconds > 0 ? _complaints.Seconds(isExplained) : null;
    }

    /// <summary>How long the container says that its only track lasts, when less than that was decoded; null when all is there or nobody says.</summary>
    /// <param name="decodedSeconds">How much was decoded. Gaps between packets count too: there the audio is silent.</param>
    public double? MissedSeconds(double decodedSeconds)
    {
        lock (_lock)
        {
            if (_duration is not { } stated || _isEstimate || _trackCount != 1 || !StatingDemuxers.Contains(_demuxer)) return null;
            double found = Math.Max(decodedSeconds, _end.GetValueOrDefault()) + Math.Max(0, _start);
            return StatedLength.IsMissed(stated, found) ? stated : null;
        }
    }

    /// <summary>Takes in a line.</summary>
    public void Add(string line)
    {
        lock (_lock)
        {
            FfmpegLine parsed = FfmpegLine.Parse(line.TrimEnd('\r'), _level);
            _level = parsed.Level;
            if (parsed.Level == FfmpegLevel.Info) AddFact(parsed);
            else AddComplaint(parsed);
        }
    }

    private void AddFact(FfmpegLine line)
    {
        string text = line.Text;
        if (line.Context.StartsWith("Parsed_ashowinfo", StringComparison.Ordinal))
        {
            if (NumberAfter(" rate:", text) is > 0 and { } rate) _decodedSeconds += NumberAfter(" nb_samples:", text).GetValueOrDefault() / rate;
        }
        else if (text.StartsWith("size=", StringComparison.Ordinal))
        {
            _end = ClockAfter(" time=", text) ?? _end;
        }
        else if (_track is null)
        {
            AddInput(text);
        }
    }

    // What stands before the first frame: the container, its length, its tracks, and which of them is read.
    private void AddInput(string text)
    {
        const string Input = "Input #0, ", Duration = "  Duration: ", Stream = "Stream #0:";
        string inner = text.TrimStart();
        if (text.StartsWith(Input, StringComparison.Ordinal))
        {
            _demuxer = text[Input.Length..].Split(',')[0];
        }
        else if (text.StartsWith(Duration, StringComparison.Ordinal))
        {
            _duration ??= ClockAfter(Duration, text);
            _start = NumberAfter(", start: ", text).GetValueOrDefault();
        }
        else if (inner.StartsWith(Stream, StringComparison.Ordinal) && inner.Contains(" -> #0:0", StringComparison.Ordinal))
        {
            _track = (int?)NumberAfter(Stream, inner);
            if (_track is { } track && _corruptTracks.TryGetValue(track, out double clock)) _complaints.Add(ComplaintKind.Short, "a packet is corrupt", SecondsOf(clock));
        }
        else if (inner.StartsWith(Stream, StringComparison.Ordinal) && !inner.Contains("(attached pic)", StringComparison.Ordinal))
        {
            _trackCount++;
        }
    }

    private void AddComplaint(FfmpegLine line)
    {
        const string Corrupt = "Packet corrupt (stream = ", Clock = "dts = ";
        string text = ErrorText.Clean(line.Text);
        _isTrackMissing |= text.Contains("matches no streams", StringComparison.Ordinal);
        _isEstimate |= text.StartsWith("Estimating duration from bitrate", StringComparison.Ordinal);
        if (text.StartsWith(Corrupt, StringComparison.Ordinal) && NumberAfter(Corrupt, text) is { } number)
        {
            double clock = NumberAfter(Clock, text).GetValueOrDefault();
            if (_track == (int)number) _complaints.Add(ComplaintKind.Short, text, SecondsOf(clock));
            else if (_track is null && _corruptTracks.Count < MaxCorruptTracks) _corruptTracks.TryAdd((int)number, clock);
            return;
        }

        // What follows are the kinds that it does read.
        if (text.StartsWith("Format not on whitelist", StringComparison.Ordinal)) text = Refusal;
        if (FfmpegComplaints.KindOf(line, text) is { } kind) _complaints.Add(kind, text, _decodedSeconds);
    }

    // Of MPEG streams, which are looked at by their ends before they are decoded, the time of a packet tells its place: it counts 90000ths of a second.
    private double SecondsOf(double clock) => _demuxer is "mpegts" or "mpeg" && clock > 0 ? Math.Max(0, (clock / 90000) - _start) : _decodedSeconds;

    // The number behind the first such mark; null when there is none.
    private static double? NumberAfter(string mark, string text)
    {
        int start = text.IndexOf(mark, StringComparison.Ordinal);
        if (start < 0) return null;
        ReadOnlySpan<char> rest = text.AsSpan(start + mark.Length);
        int length = rest.IndexOfAnyExcept(NumberCharacters);
        return Number(length < 0 ? rest : rest[..length]);
    }

    // Hours, minutes and seconds behind the first such mark.
    private static double? ClockAfter(string mark, string text)
    {
        int start = text.IndexOf(mark, StringComparison.Ordinal);
        if (start < 0) return null;
        string[] parts = text[(start + mark.Length)..].Split([' ', ','], 2)[0].Split(':');
        return parts.Length == 3 && Number(parts[0]) is { } hours and >= 0 && Number(parts[1]) is { } minutes && Number(parts[2]) is { } seconds
            ? (3600 * hours) + (60 * minutes) + seconds
            : null;
    }

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;
}
