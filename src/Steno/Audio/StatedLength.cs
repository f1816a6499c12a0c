namespace Steno.Audio;

/// <summary>How far the length that a container states and that of its audio may lie apart: headers round, and decoders leave out what encoders padded.</summary>
internal static class StatedLength
{
    private const double ToleranceSeconds = 1;
    private const double ToleranceShare = 0.01;

    /// <summary>Whether there is less audio than is stated, by more than a second and more than one percent.</summary>
    public static bool IsMissed(double statedSeconds, double foundSeconds) =>
        statedSeconds - foundSeconds > Math.Max(ToleranceSeconds, ToleranceShare * statedSeconds);
}
