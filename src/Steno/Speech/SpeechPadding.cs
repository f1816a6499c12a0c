namespace Steno.Speech;

/// <summary>Widens spans of speech on both sides; two that would meet share the gap between them.</summary>
/// <param name="length">Samples on each side.</param>
internal sealed class SpeechPadding(long length)
{
    private SampleSpan? _held;
    private long _lastEnd = long.MinValue / 2;

    /// <summary>Takes the next span as it was found.</summary>
    /// <returns>The span before it, once its end is certain; null when there is none.</returns>
    public SampleSpan? Add(SampleSpan span)
    {
        SampleSpan? released = null;
        long start = Math.Max(0, span.Start - length);
        if (_held is { } held)
        {
            long gap = span.Start - held.End;
            long share = gap < 2 * length ? gap / 2 : length;
            released = held with { End = held.End + share };
            start = Math.Max(0, span.Start - share);
        }

        _lastEnd = span.End;
        _held = span with { Start = start };
        return released;
    }

    /// <summary>Takes note of how early the next span can start.</summary>
    /// <returns>The span that is certain by that; null when none is.</returns>
    public SampleSpan? Settle(long earliestStart)
    {
        if (_held is not { } held || earliestStart - _lastEnd < 2 * length) return null;
        _held = null;
        return held with { End = held.End + length };
    }

    /// <summary>Ends the recording.</summary>
    /// <param name="sampleCount">Its length.</param>
    /// <returns>The last span; null when there is none.</returns>
    public SampleSpan? Complete(long sampleCount)
    {
        SampleSpan? last = _held is { } held ? held with { End = Math.Min(sampleCount, held.End + length) } : null;
        _held = null;
        return last;
    }
}
