namespace Steno.Speech;

/// <summary>Cuts at the pauses between spans of speech; speech without a pause is cut where it is least probable, or quietest.</summary>
/// <remarks>
/// Spans are kept until it is certain where the segment of the first of them ends: when a split gap follows, or the speech since its start is longer than a
/// segment may be. Until the recording is longer than what stays whole, nothing is decided at all.
/// </remarks>
internal sealed class PausePlanner(SegmentSettings settings, float threshold, ProbabilityTrack probabilities, Func<SampleSpan, Memory<float>> audio) : ISegmentPlanner
{
    private static readonly long QuietReach = SegmentSettings.Samples(TimeSpan.FromSeconds(5));

    private readonly SegmentGrouping _grouping = new(settings);
    private readonly long _whole = SegmentSettings.Samples(settings.WholeUpTo);
    private readonly long _max = SegmentSettings.Samples(settings.MaxLength);
    private readonly long _target = SegmentSettings.Samples(settings.TargetLength);
    private readonly long _edge = SegmentSettings.Samples(settings.Edge);
    private readonly long _splitGap = SegmentSettings.Samples(settings.SplitGap);
    private readonly List<SampleSpan> _spans = [];

    // Where speech was cut without a pause, in the order of the cuts that are still to come.
    private readonly List<(long Position, SegmentCut Cut)> _cuts = [];
    private long _position;
    private long _speechEnd;
    private long _consumed;
    private long _next;

    public long NeededFrom => Math.Max(0, (_spans.Count > 0 ? _spans[0].Start : _next) - _edge);

    public void AddSpeech(SampleSpan span)
    {
        span = span with { Start = Math.Max(span.Start, _consumed) };
        if (span.Length <= 0) return;
        while (span.Length > _max) span = span with { Start = Split(span.Start) };
        _spans.Add(span);
        _consumed = span.End;
    }

    public void Advance(long position, long? openStart, ICollection<PlannedSegment> segments)
    {
        _position = position;
        long? open = openStart is { } start ? Math.Max(start, _consumed) : null;
        _next = open ?? position;
        if (position <= _whole) return;
        while (open is { } from && position - from > _max) open = Split(from);
        _next = open ?? position;
        while (_spans.Count > 0)
        {
            bool isGap = _next - _spans[^1].End >= _splitGap;
            if (!isGap && (open is null ? _spans[^1].End : position) - _spans[0].Start <= _max) return;
            EmitFirst(isGap ? null : open, _next, isGap ? SegmentCut.Gap : SegmentCut.Pause, segments);
        }
    }

    public void Complete(long sampleCount, ICollection<PlannedSegment> segments)
    {
        if (sampleCount <= _whole && _spans.Count > 0)
        {
            segments.Add(new PlannedSegment(new SampleSpan(Math.Max(0, _spans[0].Start - _edge), Math.Min(sampleCount, _spans[^1].End + _edge)), SegmentCut.End));
            _spans.Clear();
        }

        while (_spans.Count > 0) EmitFirst(null, long.MaxValue, SegmentCut.End, segments, sampleCount);
    }

    // Emits the first group of the spans. An open span is the last of them, and never in the first group: it would be too long.
    private void EmitFirst(long? open, long next, SegmentCut lastCut, ICollection<PlannedSegment> segments, long limit = long.MaxValue)
    {
        if (open is { } start) _spans.Add(new SampleSpan(start, _position));
        int count = _grouping.FirstCount(_spans, open is not null);
        if (open is not null) _spans.RemoveAt(_spans.Count - 1);

        var speech = new SampleSpan(_spans[0].Start, _spans[count - 1].End);
        bool isLast = count == _spans.Count;
        long nextStart = isLast ? next : _spans[count].Start;
        SegmentCut cut = isLast ? lastCut : nextStart - speech.End >= _splitGap ? SegmentCut.Gap : SegmentCut.Pause;
        if (nextStart == speech.End) cut = TakeCut(speech.End);
        long before = Math.Min(_edge, (speech.Start - _speechEnd) / (_speechEnd == 0 ? 1 : 2));
        long after = nextStart == long.MaxValue ? _edge : Math.Min(_edge, (nextStart - speech.End) / 2);
        segments.Add(new PlannedSegment(new SampleSpan(speech.Start - before, Math.Min(limit, speech.End + after)), cut));
        _spans.RemoveRange(0, count);
        _speechEnd = speech.End;
    }

    private SegmentCut TakeCut(long position)
    {
        while (_cuts.Count > 0)
        {
            (long at, SegmentCut cut) = _cuts[0];
            _cuts.RemoveAt(0);
            if (at == position) return cut;
        }

        return SegmentCut.Pause;
    }

    // Cuts speech that is too long, and takes its first part.
    private long Split(long start)
    {
        var range = new SampleSpan(start + (_max / 2), start + _max);
        long at;
        if (probabilities.Lowest(range) is { } lowest && lowest.Mean < threshold)
        {
            at = lowest.Position;
            _cuts.Add((at, SegmentCut.Probability));
        }
        else
        {
            long ideal = Math.Clamp(start + _target, range.Start, range.End);
            var reach = new SampleSpan(Math.Max(range.Start, ideal - QuietReach), Math.Min(range.End, ideal + QuietReach));
            at = reach.Start + (QuietPlace.Find(audio(reach).Span) ?? (int)(reach.Length / 2));
            _cuts.Add((at, SegmentCut.Quiet));
        }

        _spans.Add(new SampleSpan(start, at));
        _consumed = at;
        return at;
    }
}
