namespace Steno.Speech;

/// <summary>Cuts at the quietest place around multiples of a length, and leaves out the silence at both ends of each part.</summary>
/// <remarks>
/// While more than length + search remains: the 100 ms with the least mean square, in steps of 50 ms, from length - search to length + search behind the
/// last cut; the cut is their middle. No number of cuts is too large.
/// </remarks>
/// <param name="settings">With a fixed length.</param>
/// <param name="isSpeechKnown">Whether spans of speech are told; else all is taken for speech.</param>
/// <param name="audio">Samples that are still held.</param>
internal sealed class FixedPlanner(SegmentSettings settings, bool isSpeechKnown, Func<SampleSpan, Memory<float>> audio) : ISegmentPlanner
{
    private readonly long _length = SegmentSettings.Samples(settings.FixedLength ?? settings.TargetLength);
    private readonly long _search = Math.Min(SegmentSettings.Samples(settings.Search), SegmentSettings.Samples(settings.FixedLength ?? settings.TargetLength) / 2);
    private readonly long _whole = SegmentSettings.Samples(settings.WholeUpTo);
    private readonly long _edge = SegmentSettings.Samples(settings.Edge);
    private readonly List<SampleSpan> _spans = [];
    private long _start;
    private long? _open;
    private long _position;

    public long NeededFrom
    {
        get
        {
            if (!isSpeechKnown) return _start;
            long speech = _spans.Count > 0 ? _spans[0].Start : _open ?? _position;
            return Math.Max(_start, Math.Min(speech - _edge, _start + _length - _search));
        }
    }

    public void AddSpeech(SampleSpan span) => _spans.Add(span);

    public void Advance(long position, long? openStart, ICollection<PlannedSegment> segments)
    {
        _position = position;
        _open = openStart;
        while (position > Math.Max(_start + _length + _search, _whole))
        {
            var near = new SampleSpan(_start + _length - _search, _start + _length + _search);
            long cut = QuietPlace.Find(audio(near).Span) is { } index ? near.Start + index : _start + _length;
            Emit(cut, SegmentCut.Quiet, segments);
        }
    }

    public void Complete(long sampleCount, ICollection<PlannedSegment> segments)
    {
        _open = null;
        if (sampleCount > _start) Emit(sampleCount, SegmentCut.End, segments);
    }

    private void Emit(long end, SegmentCut cut, ICollection<PlannedSegment> segments)
    {
        var part = new SampleSpan(_start, end);
        _start = end;
        if (!isSpeechKnown)
        {
            segments.Add(new PlannedSegment(part, cut));
            return;
        }

        long first = _spans.Count > 0 ? _spans[0].Start : long.MaxValue, last = long.MinValue;
        foreach (SampleSpan span in _spans)
        {
            if (span.Start < end) last = Math.Max(last, span.End);
        }

        if (_open is { } open && open < end)
        {
            first = Math.Min(first, open);
            last = end;
        }

        _spans.RemoveAll(span => span.End <= end);
        if (first >= end || last <= part.Start) return;
        segments.Add(new PlannedSegment(new SampleSpan(Math.Max(part.Start, first - _edge), Math.Min(end, last + _edge)), cut));
    }
}
