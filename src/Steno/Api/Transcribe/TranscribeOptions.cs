using Steno.Audio;

namespace Steno;

/// <summary>What one transcription should do.</summary>
public sealed record TranscribeOptions
{
    /// <summary>One of <see cref="SupportedLanguages.Names"/> or its ISO 639 code, such as <c>de</c>, in any case; null (the default) to let the model detect it.</summary>
    public string? Language { get; init; }

    /// <summary>Text that biases recognition, such as names and terms of the domain; null (the default) for none.</summary>
    public string? Prompt { get; init; }

    /// <summary>
    /// Most tokens to generate for each segment, at least 1; null (the default) allows 12 for each second of audio, but at least 256.
    /// A segment that hits the limit is flagged by <see cref="TranscriptSegment.IsTruncated"/>.
    /// </summary>
    public int? MaxTokens { get; init; }

    /// <summary>Reach of the encoder's attention. Default: <see cref="AttentionMode.Windowed"/>.</summary>
    public AttentionMode Attention { get; init; } = AttentionMode.Windowed;

    /// <summary>Which audio track of a film or another file with several, counted from 1. Default: 1.</summary>
    public int AudioTrack { get; init; } = 1;

    /// <summary>
    /// Longest audio that is accepted from a file or a stream, whatever its size; longer audio is an <see cref="AudioFormatException"/>, never
    /// cut. Default: 12 hours. <see cref="TimeSpan.MaxValue"/> for no limit.
    /// </summary>
    public TimeSpan MaxDuration { get; init; } = AudioInputOptions.DefaultMaxDuration;

    /// <summary>What becomes of audio that is cut off or damaged. Default: <see cref="DamagedAudioMode.Refuse"/>.</summary>
    public DamagedAudioMode DamagedAudio { get; init; } = DamagedAudioMode.Refuse;

    /// <summary>Called when a stream is taken for raw samples because it begins like nothing else, before the first of them is read.</summary>
    internal Action? OnRawAssumed { get; init; }
}
