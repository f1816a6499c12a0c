using Steno.Audio;

namespace Steno.Benchmarks.Speech;

/// <summary>How far found speech lies from the truth, in steps of 10 ms. What lies within 100 ms of a true start or end does not count.</summary>
internal sealed class SpeechErrors
{
    private const int Step = LogMelSpectrogram.SampleRateHz / 100;
    private const int Collar = LogMelSpectrogram.SampleRateHz / 10;

    private long _speech;
    private long _missed;
    private long _silence;
    private long _false;

    /// <summary>Share of the speech that was not found, 0 to 1.</summary>
    public double MissRate => _speech == 0 ? 0 : (double)_missed / _speech;

    /// <summary>Share of the rest that was taken for speech, 0 to 1.</summary>
    public double FalseAlarmRate => _silence == 0 ? 0 : (double)_false / _silence;

    /// <summary>Adds a recording.</summary>
    /// <param name="truth">Where somebody speaks, in order.</param>
    /// <param name="found">What was found, in order.</param>
    /// <param name="sampleCount">Length of the recording.</param>
    public void Add(IReadOnlyList<(long Start, long End)> truth, IReadOnlyList<(long Start, long End)> found, long sampleCount)
    {
        int t = 0, f = 0;
        for (long at = Step / 2; at < sampleCount; at += Step)
        {
            while (t < truth.Count && truth[t].End + Collar <= at) t++;
            while (f < found.Count && found[f].End <= at) f++;
            if (IsNearEdge(truth, t, at)) continue;
            bool isSpeech = t < truth.Count && truth[t].Start <= at;
            bool isFound = f < found.Count && found[f].Start <= at;
            if (isSpeech) _speech++;
            else _silence++;
            if (isSpeech && !isFound) _missed++;
            if (!isSpeech && isFound) _false++;
        }
    }

    // Of the spans from t on only the first two can have an edge near.
    private static bool IsNearEdge(IReadOnlyList<(long Start, long End)> truth, int t, long at)
    {
        for (int i = t; i < Math.Min(t + 2, truth.Count); i++)
        {
            if (Math.Abs(at - truth[i].Start) < Collar || Math.Abs(at - truth[i].End) < Collar) return true;
        }

        return false;
    }
}
