namespace Steno.Tests.Speech;

/// <summary>From probabilities to padded spans in the plainest way: the whole recording at once, rule by rule as the specification numbers them.</summary>
internal static class ReferenceSpans
{
    private const int Rate = 16_000;
    private const double MinSilenceAtMax = 0.098 * Rate;

    public static List<(long Start, long End)> Of(float[] probabilities, int hop, long length, float threshold, double minSpeech, double minSilence, double pad, double max)
    {
        List<(long Start, long End)> spans = Raw(probabilities, hop, length, threshold, minSpeech * Rate, minSilence * Rate, (max * Rate) - hop - (2 * pad * Rate));
        Pad(spans, (long)(pad * Rate), length);
        return spans;
    }

    private static List<(long Start, long End)> Raw(float[] probabilities, int hop, long length, float threshold, double minSpeech, double minSilence, double maxSamples)
    {
        float negative = MathF.Max(threshold - 0.15f, 0.01f);
        var spans = new List<(long, long)>();
        bool triggered = false;
        long start = 0, tempEnd = 0;
        var candidates = new List<(long Position, long Length)>();
        for (int i = 0; i < probabilities.Length; i++)
        {
            float p = probabilities[i];
            long current = (long)i * hop;
            if (p >= threshold && tempEnd != 0)
            {
                if (current - tempEnd > MinSilenceAtMax) candidates.Add((tempEnd, current - tempEnd));
                tempEnd = 0;
            }

            if (p >= threshold && !triggered)
            {
                triggered = true;
                start = current;
                continue;
            }

            if (triggered && current - start > maxSamples)
            {
                if (candidates.Count > 0)
                {
                    (long Position, long Length) longest = candidates.MaxBy(candidate => candidate.Length);
                    spans.Add((start, longest.Position));
                    start = longest.Position + longest.Length;
                    tempEnd = 0;
                    candidates.Clear();
                }
                else
                {
                    spans.Add((start, current));
                    triggered = false;
                    tempEnd = 0;
                    candidates.Clear();
                    continue;
                }
            }

            if (p < negative && triggered)
            {
                if (tempEnd == 0) tempEnd = current;
                if (current - tempEnd < minSilence) continue;
                if (tempEnd - start > minSpeech) spans.Add((start, tempEnd));
                triggered = false;
                tempEnd = 0;
                candidates.Clear();
            }
        }

        if (triggered && length - start > minSpeech) spans.Add((start, length));
        return spans;
    }

    private static void Pad(List<(long Start, long End)> spans, long pad, long length)
    {
        for (int i = 0; i < spans.Count; i++)
        {
            if (i == 0) spans[0] = (Math.Max(0, spans[0].Start - pad), spans[0].End);
            if (i == spans.Count - 1)
            {
                spans[i] = (spans[i].Start, Math.Min(length, spans[i].End + pad));
                continue;
            }

            long gap = spans[i + 1].Start - spans[i].End;
            long share = gap < 2 * pad ? gap / 2 : pad;
            spans[i] = (spans[i].Start, Math.Min(length, spans[i].End + share));
            spans[i + 1] = (Math.Max(0, spans[i + 1].Start - share), spans[i + 1].End);
        }
    }
}
