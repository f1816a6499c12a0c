using Steno.Speech;

namespace Steno.Tests.Speech;

public sealed class SpeechFinderTests
{
    [Fact]
    public void Spans_of_random_tracks_are_those_of_the_plain_rules()
    {
        var random = new Random(11);
        int spanCount = 0, cutCount = 0;
        for (int trial = 0; trial < 10_000; trial++)
        {
            float[] track = Track(random, random.Next(0, 120));
            int hop = random.Next(2) == 0 ? 512 : 160;
            long length = Math.Max(0, ((long)track.Length * hop) - random.Next(hop));
            double[] minSilences = [0, 0.05, 0.1, 0.5], minSpeeches = [0, 0.05, 0.25], paddings = [0, 0.03, 0.2, 1], maxima = [double.PositiveInfinity, 0.5, 1, 3];
            double minSilence = Any(minSilences), minSpeech = Any(minSpeeches), padding = Any(paddings), max = Any(maxima);
            float threshold = Any([0.05f, 0.3f, 0.5f, 0.95f]);
            var settings = new SpeechSettings
            {
                Threshold = threshold,
                MinSilence = TimeSpan.FromSeconds(minSilence),
                MinSpeech = TimeSpan.FromSeconds(minSpeech),
                Padding = TimeSpan.FromSeconds(padding),
                MaxSpeech = double.IsFinite(max) ? TimeSpan.FromSeconds(max) : null,
            };

            List<(long Start, long End)> expected = ReferenceSpans.Of(track, hop, length, threshold, minSpeech, minSilence, padding, max);
            List<SampleSpan> actual = Find(new TrackDetector(track, hop), settings, new float[length], random.Next(1, 5000));

            Assert.Equal(expected, actual.Select(span => (span.Start, span.End)));
            spanCount += expected.Count;
            if (double.IsFinite(max)) cutCount += expected.Count;
        }

        Assert.True(spanCount > 10_000 && cutCount > 5000, $"{spanCount} spans, {cutCount} of them under a limit");

        T Any<T>(T[] values) => values[random.Next(values.Length)];
    }

    // A frame is 32 ms: the first that begins 100 ms after the last speech begins after 128 ms, and the shortest span above 250 ms has 256 ms.
    [Theory]
    [InlineData(8, 4, 1)]
    [InlineData(8, 5, 2)]
    [InlineData(7, 5, 0)]
    public void Lengths_count_in_whole_frames(int speechFrames, int pauseFrames, int spanCount)
    {
        float[] speech = [.. Enumerable.Repeat(1f, speechFrames)], pause = new float[pauseFrames];
        float[] track = [.. pause, .. speech, .. pause, .. speech, .. new float[5]];

        Assert.Equal(spanCount, Find(new TrackDetector(track), new SpeechSettings(), new float[track.Length * 512], 777).Count);
    }

    [Fact]
    public void A_span_is_known_soon_after_its_end()
    {
        float[] track = [.. Enumerable.Repeat(1f, 20), .. new float[100]];
        var finder = new SpeechFinder(new TrackDetector(track), new SpeechSettings());
        var spans = new List<SampleSpan>();
        for (int frame = 0; frame < 26; frame++) finder.Push(new float[512], spans);

        Assert.Equal([new SampleSpan(0, (20 * 512) + 480)], spans);
    }

    [Fact]
    public void Pieces_of_any_length_give_the_same_spans()
    {
        float[] samples = Samples.Read(Repository.PathOf("samples", "speech", "jfk.wav"));
        using var detector = new SileroDetector();
        List<SampleSpan> expected = Find(detector, new SpeechSettings(), samples, samples.Length);
        Assert.NotEmpty(expected);
        var random = new Random(3);
        for (int trial = 0; trial < 4; trial++)
        {
            var finder = new SpeechFinder(detector, new SpeechSettings());
            var spans = new List<SampleSpan>();
            for (int at = 0; at < samples.Length;)
            {
                int count = Math.Min(random.Next(1, 5000), samples.Length - at);
                finder.Push(samples.AsSpan(at, count), spans);
                at += count;
            }

            finder.Complete(spans);
            Assert.Equal(expected, spans);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(960_000)]
    public void In_silence_there_is_no_speech(int length)
    {
        using var silero = new SileroDetector();
        using var energy = new EnergyDetector();

        Assert.Empty(Find(silero, new SpeechSettings(), new float[length], 4096));
        Assert.Empty(Find(energy, new SpeechSettings(), new float[length], 4096));
    }

    internal static List<SampleSpan> Find(IVoiceActivityDetector detector, SpeechSettings settings, float[] samples, int block)
    {
        var finder = new SpeechFinder(detector, settings);
        var spans = new List<SampleSpan>();
        for (int at = 0; at < samples.Length; at += block) finder.Push(samples.AsSpan(at, Math.Min(block, samples.Length - at)), spans);
        finder.Complete(spans);
        return spans;
    }

    // Values on both sides of all thresholds, held for a while each.
    private static float[] Track(Random random, int length)
    {
        float[] track = new float[length];
        for (int i = 0; i < length;)
        {
            float level = random.Next(4) switch { 0 => 0, 1 => 1, 2 => 0.4f, _ => (float)random.NextDouble() };
            for (int end = Math.Min(length, i + random.Next(1, 12)); i < end; i++) track[i] = level;
        }

        return track;
    }
}
