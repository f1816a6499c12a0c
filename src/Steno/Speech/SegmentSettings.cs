using Steno.Audio;

namespace Steno.Speech;

/// <summary>How a long recording is cut into segments.</summary>
internal sealed record SegmentSettings
{
    /// <summary>What is not longer stays one segment.</summary>
    public TimeSpan WholeUpTo { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest segment, without its edges.</summary>
    public TimeSpan MaxLength { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Length that segments should have.</summary>
    public TimeSpan TargetLength { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Shorter segments are avoided where a neighbour has room for them.</summary>
    public TimeSpan MinLength { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Taken along before and after the speech of a segment; no more than half the pause beside it.</summary>
    public TimeSpan Edge { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A pause that lies inside no segment; at least two edges.</summary>
    public TimeSpan SplitGap { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Cuts at the quietest place around multiples of this length, whatever the pauses; null to cut at pauses.</summary>
    public TimeSpan? FixedLength { get; init; }

    /// <summary>How far from a multiple of <see cref="FixedLength"/> a cut may lie; at most half of it counts.</summary>
    public TimeSpan Search { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Samples of a time.</summary>
    public static long Samples(TimeSpan time) => (long)Math.Round(time.TotalSeconds * LogMelSpectrogram.SampleRateHz);
}
