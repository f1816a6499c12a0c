using System.Numerics;

namespace Steno.Audio;

/// <summary>Brings audio into the range that the model was trained on.</summary>
internal static class AudioRange
{
    /// <summary>Divides all samples by the largest magnitude when that is above 1; else leaves them as they are.</summary>
    public static void Normalize(Span<float> samples)
    {
        float peak = Peak(samples);
        if (peak <= 1) return;
        for (int i = 0; i < samples.Length; i++)
            samples[i] /= peak;
    }

    /// <summary>The largest magnitude; 0 for no samples.</summary>
    public static float Peak(ReadOnlySpan<float> samples)
    {
        Vector<float> largest = Vector<float>.Zero;
        int i = 0;
        for (; i <= samples.Length - Vector<float>.Count; i += Vector<float>.Count)
            largest = Vector.Max(largest, Vector.Abs(new Vector<float>(samples[i..])));

        float peak = 0;
        for (int lane = 0; lane < Vector<float>.Count; lane++)
            peak = Math.Max(peak, largest[lane]);
        for (; i < samples.Length; i++)
            peak = Math.Max(peak, Math.Abs(samples[i]));
        return peak;
    }
}
