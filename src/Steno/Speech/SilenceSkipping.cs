using Steno.Audio;

namespace Steno.Speech;

/// <summary>Which parts of a clip are kept when its silences are shortened.</summary>
/// <remarks>
/// The rule of the C program's --skip-silence. Root mean squares of 10 ms, smoothed by s = 0.8 s + 0.2 rms from the first on, are voice above
/// 1.8 times their first quartile, which counts as 0.002 at least and 0.025 at most. Voice shorter than 5 frames is none; what remains is widened by 3 frames
/// on both sides. Kept are all voice, and of each silence its first 600 ms.
/// </remarks>
internal static class SilenceSkipping
{
    private const int FrameLength = LogMelSpectrogram.SampleRateHz / 100;
    private const int ShortestVoice = 5;
    private const int Widening = 3;
    private const int KeptSilence = 60;
    private const int LeastKept = LogMelSpectrogram.SampleRateHz / 2;

    /// <summary>The parts to keep.</summary>
    /// <param name="samples">16 kHz mono.</param>
    /// <returns>Spans in order, without overlap.</returns>
    public static IReadOnlyList<SampleSpan> Kept(ReadOnlySpan<float> samples)
    {
        bool[] isVoice = Voice(samples);
        var kept = new List<SampleSpan>();
        for (int start = 0, end; start < isVoice.Length; start = end)
        {
            end = RunEnd(isVoice, start);
            int last = isVoice[start] ? end : Math.Min(end, start + KeptSilence);
            Add(kept, new SampleSpan((long)start * FrameLength, Math.Min((long)last * FrameLength, samples.Length)));
        }

        if (kept.Count == 0 && samples.Length > 0) kept.Add(new SampleSpan(0, Math.Min(samples.Length, LeastKept)));
        return kept;
    }

    /// <summary>Moves kept parts together, at the start of a clip.</summary>
    /// <param name="samples">The clip.</param>
    /// <param name="kept">What <see cref="Kept"/> said of it.</param>
    /// <returns>The part of <paramref name="samples"/> that holds them.</returns>
    public static Memory<float> Compact(Memory<float> samples, IReadOnlyList<SampleSpan> kept)
    {
        int count = 0;
        foreach (SampleSpan span in kept)
        {
            samples.Slice((int)span.Start, (int)span.Length).CopyTo(samples[count..]);
            count += (int)span.Length;
        }

        return samples[..count];
    }

    private static bool[] Voice(ReadOnlySpan<float> samples)
    {
        float[] levels = SmoothedLevels(samples);
        bool[] isVoice = new bool[levels.Length];
        if (levels.Length == 0) return isVoice;
        float[] sorted = [.. levels.Order()];
        float threshold = Math.Clamp(1.8f * sorted[(int)((sorted.Length - 1) * 0.25)], 0.002f, 0.025f);
        for (int i = 0; i < levels.Length; i++) isVoice[i] = levels[i] > threshold;
        for (int start = 0, end; start < isVoice.Length; start = end)
        {
            end = RunEnd(isVoice, start);
            if (isVoice[start] && end - start < ShortestVoice) Array.Clear(isVoice, start, end - start);
        }

        return Widened(isVoice);
    }

    private static float[] SmoothedLevels(ReadOnlySpan<float> samples)
    {
        float[] levels = new float[(samples.Length + FrameLength - 1) / FrameLength];
        for (int i = 0; i < levels.Length; i++)
        {
            ReadOnlySpan<float> frame = samples[(i * FrameLength)..Math.Min(samples.Length, (i + 1) * FrameLength)];
            double sum = 0;
            foreach (float sample in frame) sum += (double)sample * sample;
            float level = (float)Math.Sqrt(sum / frame.Length);
            levels[i] = i == 0 ? level : (0.8f * levels[i - 1]) + (0.2f * level);
        }

        return levels;
    }

    private static bool[] Widened(bool[] isVoice)
    {
        bool[] widened = new bool[isVoice.Length];
        for (int i = 0; i < isVoice.Length; i++)
        {
            if (isVoice[i]) Array.Fill(widened, true, Math.Max(0, i - Widening), Math.Min(isVoice.Length, i + Widening + 1) - Math.Max(0, i - Widening));
        }

        return widened;
    }

    private static int RunEnd(bool[] values, int start)
    {
        int end = start + 1;
        while (end < values.Length && values[end] == values[start]) end++;
        return end;
    }

    private static void Add(List<SampleSpan> spans, SampleSpan span)
    {
        if (spans.Count > 0 && spans[^1].End == span.Start) spans[^1] = spans[^1] with { End = span.End };
        else spans.Add(span);
    }
}
