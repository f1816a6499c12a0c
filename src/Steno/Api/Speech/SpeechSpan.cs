namespace Steno;

/// <summary>A stretch of a recording in which somebody speaks.</summary>
/// <param name="Start">Where it begins, from the start of the recording.</param>
/// <param name="End">Where it ends.</param>
public readonly record struct SpeechSpan(TimeSpan Start, TimeSpan End)
{
    /// <summary>How long it is.</summary>
    public TimeSpan Duration => End - Start;
}
