namespace Steno.Speech;

/// <summary>A segment with its samples.</summary>
/// <param name="Plan">Where it lies.</param>
/// <param name="Samples">16 kHz mono, which the caller may change; valid until the next segment is asked for.</param>
internal readonly record struct AudioSegment(PlannedSegment Plan, Memory<float> Samples);
