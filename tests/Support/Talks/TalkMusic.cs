namespace Steno.Tests.Support;

/// <summary>A stretch of something like music: chords of three notes with overtones, struck anew every half second.</summary>
/// <param name="Start">First sample.</param>
/// <param name="End">The sample behind the last.</param>
/// <param name="Seed">Of its chords.</param>
internal sealed record TalkMusic(long Start, long End, int Seed)
{
    private const int Rate = 16_000;
    private const int BeatLength = Rate / 2;
    private const int FadeLength = Rate / 10;
    private const int OvertoneCount = 5;

    /// <summary>Adds its part of a block.</summary>
    /// <param name="block">Samples.</param>
    /// <param name="position">Of the first of them.</param>
    /// <param name="amplitude">Root mean square, more or less.</param>
    public void AddTo(Span<float> block, long position, double amplitude)
    {
        for (long at = Math.Max(position, Start); at < Math.Min(position + block.Length, End); at++)
        {
            long beat = (at - Start) / BeatLength;
            double time = (double)((at - Start) % BeatLength) / Rate;
            double fade = Math.Min(1, Math.Min(at - Start, End - at) / (double)FadeLength);
            double root = 110 * Math.Pow(2, ((Seed + (beat * 5)) % 12) / 12.0);
            double sum = 0;
            foreach (double interval in (ReadOnlySpan<double>)[1, 1.26, 1.5])
            {
                for (int overtone = 1; overtone <= OvertoneCount; overtone++) sum += Math.Sin(2 * Math.PI * root * interval * overtone * time) / overtone;
            }

            block[(int)(at - position)] += (float)(amplitude * 0.5 * fade * Math.Exp(-3 * time) * sum);
        }
    }
}
