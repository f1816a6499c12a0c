using System.Globalization;

namespace Steno.Cli.Output;

/// <summary>The two lines that end a run on standard error. Programs read them: their form is fixed.</summary>
internal static class StatisticsLine
{
    /// <summary><c>Inference: 812 ms, 27 text tokens (33.25 tok/s, encoding: 140 ms, decoding: 672 ms)</c>; tokens per second are over the total.</summary>
    public static string Inference(TranscriptTimings timings)
    {
        double totalSeconds = timings.Total.TotalSeconds;
        double tokensPerSecond = totalSeconds > 0 ? timings.TextTokenCount / totalSeconds : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Inference: {timings.Total.TotalMilliseconds:F0} ms, {timings.TextTokenCount} text tokens ({tokensPerSecond:F2} tok/s, encoding: {timings.Encoding.TotalMilliseconds:F0} ms, decoding: {timings.Decoding.TotalMilliseconds:F0} ms)");
    }

    /// <summary><c>Audio: 11.0 s processed in 0.8 s (13.55x realtime)</c>, or null when either time is zero.</summary>
    public static string? Audio(TranscriptTimings timings)
    {
        double audioSeconds = timings.Audio.TotalSeconds;
        double totalSeconds = timings.Total.TotalSeconds;
        return audioSeconds > 0 && totalSeconds > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Audio: {audioSeconds:F1} s processed in {totalSeconds:F1} s ({audioSeconds / totalSeconds:F2}x realtime)")
            : null;
    }
}
