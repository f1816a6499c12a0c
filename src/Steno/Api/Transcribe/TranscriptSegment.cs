namespace Steno;

/// <summary>A stretch of audio that was transcribed in one piece.</summary>
public sealed record TranscriptSegment
{
    /// <summary>Start in the audio.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>End in the audio.</summary>
    public required TimeSpan End { get; init; }

    /// <summary>Language that was spoken or forced; empty when there was no speech or the model did not say.</summary>
    public required string Language { get; init; }

    /// <summary>The text; empty when there was no speech.</summary>
    public required string Text { get; init; }

    /// <summary>Token ids as generated, header included, stop token not.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>True when generation ended at the token limit or the model's last position: the text is incomplete.</summary>
    public required bool IsTruncated { get; init; }

    /// <summary>True when a stretch that the model repeated at least 20 times was reduced to one occurrence in <see cref="Text"/>.</summary>
    public required bool IsRepetitionCollapsed { get; init; }

    /// <summary>Mean probability that the model gave to the tokens it chose, in (0, 1]; 0 when no token was generated.</summary>
    public required double MeanTokenProbability { get; init; }
}
