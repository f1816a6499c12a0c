namespace Steno;

/// <summary>Where the time of a transcription went.</summary>
public sealed record TranscriptTimings
{
    /// <summary>Duration of the audio.</summary>
    public required TimeSpan Audio { get; init; }

    /// <summary>Reading, resampling and all of inference.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>Log-mel spectrogram and audio encoder.</summary>
    public required TimeSpan Encoding { get; init; }

    /// <summary>Prefill and decode steps.</summary>
    public required TimeSpan Decoding { get; init; }

    /// <summary>From the start to the first generated token; zero when none was generated.</summary>
    public required TimeSpan TimeToFirstToken { get; init; }

    /// <summary>Generated tokens of text, without the language header.</summary>
    public required int TextTokenCount { get; init; }

    /// <summary>Processing time over audio time: below 1 is faster than the audio plays. 0 for empty audio.</summary>
    public double RealTimeFactor => Audio > TimeSpan.Zero ? Total / Audio : 0;
}
