namespace Steno;

/// <summary>The result of a transcription.</summary>
public sealed record Transcript
{
    /// <summary>Language that was spoken, such as <c>English</c>; several are joined by commas in order; empty when there was no speech.</summary>
    public required string Language { get; init; }

    /// <summary>The whole text; empty when there was no speech.</summary>
    public required string Text { get; init; }

    /// <summary>The pieces in which the audio was processed, in order. Audio of up to 20 minutes is one piece.</summary>
    public required IReadOnlyList<TranscriptSegment> Segments { get; init; }

    /// <summary>True when a segment ended at its token limit: its text is incomplete.</summary>
    public required bool IsTruncated { get; init; }

    /// <summary>
    /// The first damage to the audio, behind which words may be missing or wrong; null when it is sound. Only with
    /// <see cref="DamagedAudioMode.Keep"/>: otherwise damaged audio is an <see cref="AudioFormatException"/>.
    /// </summary>
    public AudioDamage? Damage { get; init; }

    /// <summary>Mean probability that the model gave to the tokens it chose, in (0, 1]; 0 when no token was generated.</summary>
    public required double MeanTokenProbability { get; init; }

    /// <summary>Where the time went.</summary>
    public required TranscriptTimings Timings { get; init; }
}
