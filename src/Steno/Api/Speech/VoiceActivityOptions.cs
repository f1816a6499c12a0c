using System.Globalization;
using Steno.Audio;
using Steno.Speech;

namespace Steno;

/// <summary>What counts as a span of speech.</summary>
public sealed record VoiceActivityOptions
{
    /// <summary>How speech is told from other sound. Default: <see cref="VoiceActivityMethod.Silero"/>.</summary>
    public VoiceActivityMethod Method { get; init; } = VoiceActivityMethod.Silero;

    /// <summary>
    /// Probability, 0.05 to 0.95, from which on a frame is speech. Speech ends below this less 0.15. Lower finds more, higher less. Default: 0.5.
    /// </summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Speech that is not longer than this, up to 5 s, is no span. Default: 250 ms.</summary>
    public TimeSpan MinSpeech { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A pause, up to 5 s, that ends a span; a shorter one lies inside. Default: 100 ms.</summary>
    public TimeSpan MinSilence { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Added before and after each span, up to 1 s; two spans that would meet share what lies between. Default: 30 ms.</summary>
    public TimeSpan Padding { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>Longest span, 5 s to 5 min: a longer one is cut at its longest pause above 98 ms, or where it is too long. Null (the default) for no limit.</summary>
    public TimeSpan? MaxSpeech { get; init; }

    /// <summary>Which audio track of a film or another file with several, counted from 1. Default: 1.</summary>
    public int AudioTrack { get; init; } = 1;

    /// <summary>Longest audio that is accepted; longer audio is an <see cref="AudioFormatException"/>. Default: 12 hours.</summary>
    public TimeSpan MaxDuration { get; init; } = AudioInputOptions.DefaultMaxDuration;

    /// <summary>Called when a stream is taken for raw samples because it begins like nothing else.</summary>
    internal Action? OnRawAssumed { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside its range.</exception>
    internal SpeechSettings ToSettings()
    {
        if (!Enum.IsDefined(Method)) throw OutOfRange(nameof(Method), Method, "There is no such method.");
        RequireRange(Threshold, 0.05, 0.95, nameof(Threshold));
        RequireRange(MinSpeech.TotalSeconds, 0, 5, nameof(MinSpeech));
        RequireRange(MinSilence.TotalSeconds, 0, 5, nameof(MinSilence));
        RequireRange(Padding.TotalSeconds, 0, 1, nameof(Padding));
        if (MaxSpeech is { } maxSpeech) RequireRange(maxSpeech.TotalSeconds, 5, 300, nameof(MaxSpeech));
        return new SpeechSettings { Threshold = (float)Threshold, MinSpeech = MinSpeech, MinSilence = MinSilence, Padding = Padding, MaxSpeech = MaxSpeech };
    }

    internal IVoiceActivityDetector CreateDetector() => Method == VoiceActivityMethod.Energy ? new EnergyDetector() : new SileroDetector();

    private static void RequireRange(double value, double lowest, double highest, string name)
    {
        if (!(value >= lowest && value <= highest))
            throw OutOfRange(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be {lowest} to {highest}."));
    }

    private static ArgumentOutOfRangeException OutOfRange(string name, object value, string message) => new(name, value, message);
}
