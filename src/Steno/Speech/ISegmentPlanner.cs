namespace Steno.Speech;

/// <summary>Decides, while a recording goes by, where its segments begin and end.</summary>
/// <remarks>Decisions depend on the recording alone: not on how its samples come.</remarks>
internal interface ISegmentPlanner
{
    /// <summary>Position before which neither audio nor probabilities are needed any more.</summary>
    long NeededFrom { get; }

    /// <summary>Takes note of speech that has ended.</summary>
    /// <param name="span">A span without padding.</param>
    void AddSpeech(SampleSpan span);

    /// <summary>Takes note that the recording was judged up to a position.</summary>
    /// <param name="position">End of a frame.</param>
    /// <param name="openStart">Start of a span of speech that goes on there; null when there is none.</param>
    /// <param name="segments">Receives the segments that are certain by now, in their order, without overlap.</param>
    void Advance(long position, long? openStart, ICollection<PlannedSegment> segments);

    /// <summary>Ends the recording.</summary>
    /// <param name="sampleCount">Its length.</param>
    /// <param name="segments">Receives the remaining segments.</param>
    void Complete(long sampleCount, ICollection<PlannedSegment> segments);
}
