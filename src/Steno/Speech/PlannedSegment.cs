namespace Steno.Speech;

/// <summary>A part of a recording to be transcribed by itself.</summary>
/// <param name="Span">Its samples.</param>
/// <param name="Cut">Why it ends.</param>
internal readonly record struct PlannedSegment(SampleSpan Span, SegmentCut Cut);
