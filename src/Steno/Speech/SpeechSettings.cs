namespace Steno.Speech;

/// <summary>How probabilities become spans of speech, in the terms of Silero VAD.</summary>
internal sealed record SpeechSettings
{
    /// <summary>Speech begins with a frame of at least this probability.</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>Below this a frame counts as silence; between the two, what was goes on.</summary>
    public float NegativeThreshold => MathF.Max(Threshold - 0.15f, 0.01f);

    /// <summary>A span that is not longer than this is dropped.</summary>
    public TimeSpan MinSpeech { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Silence that ends a span.</summary>
    public TimeSpan MinSilence { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Added on both sides of a span; less where two spans meet.</summary>
    public TimeSpan Padding { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>Longest span; null for no limit.</summary>
    public TimeSpan? MaxSpeech { get; init; }
}
