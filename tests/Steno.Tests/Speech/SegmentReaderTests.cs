using Steno.Speech;

namespace Steno.Tests.Speech;

public sealed class SegmentReaderTests
{
    private const int Rate = 16_000;
    private const int Frame = 512;

    private static readonly SegmentSettings Pauses = new();

    [Fact]
    public async Task Segments_of_random_recordings_keep_every_promise()
    {
        var random = new Random(21);
        int segmentCount = 0;
        for (int trial = 0; trial < 60; trial++)
        {
            float[] track = Track(random, random.Next(0, 5000));
            long length = Math.Max(0, ((long)track.Length * Frame) - random.Next(Frame));
            SegmentSettings settings = (trial % 3) switch
            {
                0 => Pauses,
                1 => Pauses with { WholeUpTo = TimeSpan.FromSeconds(60), MaxLength = TimeSpan.FromSeconds(random.Next(6, 30)), TargetLength = TimeSpan.FromSeconds(6) },
                _ => Pauses with { WholeUpTo = TimeSpan.Zero, FixedLength = TimeSpan.FromSeconds(random.Next(1, 30)) },
            };
            var speech = new SpeechSettings { Padding = TimeSpan.FromMilliseconds(random.Next(0, 400)) };

            List<PlannedSegment> segments = await Read(track, length, settings, speech, seed: trial);

            // Where a fixed cut falls into a pause, padding beyond it is no speech that is lost.
            List<SampleSpan> spans = SpeechFinderTests.Find(new TrackDetector(track), speech with { Padding = settings.FixedLength is null ? speech.Padding : TimeSpan.Zero }, new float[length], 5000);

            AssertOrdered(segments, length);
            AssertCovered(spans, segments);
            AssertLengths(segments, settings, speech, length);
            Assert.Equal(segments, await Read(track, length, settings, speech, seed: trial + 1000));
            segmentCount += segments.Count;
        }

        Assert.True(segmentCount > 500, $"{segmentCount} segments");
    }

    [Theory]
    [InlineData(29.9, 1)]
    [InlineData(30, 1)]
    [InlineData(30.1, 2)]
    public async Task What_is_not_too_long_stays_whole(double seconds, int count)
    {
        float[] track = [.. Enumerable.Range(0, 1000).Select(i => i % 20 < 14 ? 1f : 0f)];

        List<PlannedSegment> segments = await Read(track, (long)(seconds * Rate), Pauses, new SpeechSettings(), seed: 1);

        Assert.Equal(count, segments.Count);
        Assert.Equal(0, segments[0].Span.Start);
    }

    [Fact]
    public async Task Silence_around_the_speech_is_left_out()
    {
        float[] track = [.. new float[100], .. Enumerable.Repeat(1f, 50), .. new float[300]];

        PlannedSegment segment = Assert.Single(await Read(track, track.Length * Frame, Pauses, new SpeechSettings(), seed: 1));

        Assert.Equal(new SampleSpan((100 * Frame) - 3200, (150 * Frame) + 3200), segment.Span);
    }

    [Fact]
    public async Task Two_words_far_apart_are_two_segments()
    {
        float[] track = [.. Enumerable.Repeat(1f, 13), .. new float[2800], .. Enumerable.Repeat(1f, 13), .. new float[10]];

        List<PlannedSegment> segments = await Read(track, track.Length * Frame, Pauses, new SpeechSettings(), seed: 1);

        Assert.Equal(2, segments.Count);
        Assert.Equal(SegmentCut.Gap, segments[0].Cut);
    }

    [Fact]
    public async Task Segments_end_in_the_longest_pauses()
    {
        // Sentences of 4 s with pauses of 160 ms, and of 960 ms after every fifth.
        float[] track = [.. Enumerable.Range(0, 30).SelectMany(i => Enumerable.Repeat(1f, 125).Concat(new float[i % 5 == 4 ? 30 : 5]))];

        List<PlannedSegment> segments = await Read(track, track.Length * Frame, Pauses, new SpeechSettings(), seed: 1);

        Assert.Equal(6, segments.Count);
        Assert.All(segments, segment => Assert.InRange(segment.Span.Length, 20 * Rate, 22 * Rate));
    }

    [Theory]
    [InlineData(1f, nameof(SegmentCut.Quiet))]
    [InlineData(0.45f, nameof(SegmentCut.Probability))]
    public async Task Hours_without_a_pause_are_cut_all_the_same(float low, string cut)
    {
        // Below the threshold now and then, but never silent.
        float[] track = [.. Enumerable.Range(0, 2 * 3600 * Rate / Frame).Select(i => i % 400 >= 390 ? low : 1f)];

        List<PlannedSegment> segments = await Read(track, (long)track.Length * Frame, Pauses, new SpeechSettings(), seed: 1, maxHeldSeconds: 65);

        Assert.InRange(segments.Count, 240, 480);
        Assert.All(segments[..^1], segment => Assert.Equal(cut, segment.Cut.ToString()));
        AssertOrdered(segments, (long)track.Length * Frame);
        AssertCovered([new SampleSpan(0, (long)track.Length * Frame)], segments);
    }

    [Fact]
    public async Task Hours_of_silence_are_no_segment_and_no_memory() =>
        Assert.Empty(await Read([], 3L * 3600 * Rate, Pauses, new SpeechSettings(), seed: 1, maxHeldSeconds: 2));

    [Fact]
    public async Task Memory_is_the_same_for_one_hour_and_for_three()
    {
        var random = new Random(5);
        float[] track = Track(random, 3 * 3600 * Rate / Frame);

        await Read(track, (long)track.Length * Frame, Pauses, new SpeechSettings(), seed: 1, maxHeldSeconds: 65);
        await Read(track, (long)track.Length * Frame, Pauses with { WholeUpTo = TimeSpan.Zero, FixedLength = TimeSpan.FromSeconds(20) }, new SpeechSettings(), seed: 1, maxHeldSeconds: 30);
    }

    [Fact]
    public async Task Without_a_detector_all_is_cut_at_quiet_places()
    {
        var settings = new SegmentSettings { FixedLength = TimeSpan.FromSeconds(25), Search = TimeSpan.FromSeconds(5) };
        long length = 10 * 60 * Rate;
        var reader = new SegmentReader(new MadeReader(length, seed: 3, Wave), settings, new SpeechSettings(), detector: null);
        var segments = new List<PlannedSegment>();
        while (await reader.NextAsync(CancellationToken.None) is { } segment)
        {
            segments.Add(segment.Plan);
            Assert.Equal(segment.Plan.Span.Length, segment.Samples.Length);
        }

        AssertOrdered(segments, length);
        Assert.Equal(length, segments.Sum(segment => segment.Span.Length));
        Assert.All(segments[..^1], segment => Assert.InRange(segment.Span.Length, 20 * Rate, 30 * Rate));

        // The wave is silent from second 6 to 7 of every 7.
        Assert.All(segments[..^1], segment => Assert.InRange(segment.Span.End % (7 * Rate), 6 * Rate, 7 * Rate));
    }

    [Fact]
    public async Task Fixed_lengths_are_cut_as_the_rule_says_more_than_127_times()
    {
        float[] samples = EnergyDetectorTests.Noise(200 * Rate, -20, seed: 9);
        foreach ((double length, double search) in new[] { (1.0, 3.0), (1.0, 0.2), (7.0, 3.0), (20.0, 3.0), (60.0, 0.05) })
        {
            var settings = new SegmentSettings { WholeUpTo = TimeSpan.Zero, FixedLength = TimeSpan.FromSeconds(length), Search = TimeSpan.FromSeconds(search) };
            var reader = new SegmentReader(new MadeReader(samples.Length, seed: 4, (at, block) => samples.AsMemory((int)at, block.Length).CopyTo(block)), settings, new SpeechSettings(), null);
            var actual = new List<long>();
            while (await reader.NextAsync(CancellationToken.None) is { } segment) actual.Add(segment.Plan.Span.End);

            Assert.Equal(PlainCuts(samples, length, search), actual);
        }
    }

    [Fact]
    public async Task A_segment_holds_its_samples()
    {
        float[] samples = Samples.Read(Repository.PathOf("samples", "speech", "jfk.wav"));
        using var detector = new SileroDetector();
        var settings = Pauses with { WholeUpTo = TimeSpan.Zero, MaxLength = TimeSpan.FromSeconds(4), TargetLength = TimeSpan.FromSeconds(3) };
        var reader = new SegmentReader(new MadeReader(samples.Length, seed: 2, (at, block) => samples.AsMemory((int)at, block.Length).CopyTo(block)), settings, new SpeechSettings(), detector);
        int count = 0;
        while (await reader.NextAsync(CancellationToken.None) is { } segment)
        {
            Assert.Equal(samples.AsSpan((int)segment.Plan.Span.Start, (int)segment.Plan.Span.Length), segment.Samples.Span);
            segment.Samples.Span.Clear();
            count++;
        }

        Assert.InRange(count, 3, 6);
        Assert.Equal(samples.Length, reader.SampleCount);
    }

    private static async Task<List<PlannedSegment>> Read(float[] track, long length, SegmentSettings settings, SpeechSettings speech, int seed, double maxHeldSeconds = double.PositiveInfinity)
    {
        var reader = new SegmentReader(new MadeReader(length, seed), settings, speech, new TrackDetector(track));
        var segments = new List<PlannedSegment>();
        while (await reader.NextAsync(CancellationToken.None) is { } segment)
        {
            Assert.Equal(segment.Plan.Span.Length, segment.Samples.Length);
            Assert.InRange((double)reader.HeldSampleCount / Rate, 0, maxHeldSeconds);
            segments.Add(segment.Plan);
        }

        Assert.InRange((double)reader.HeldSampleCount / Rate, 0, maxHeldSeconds);
        return segments;
    }

    private static void AssertOrdered(List<PlannedSegment> segments, long length)
    {
        long end = 0;
        foreach (PlannedSegment segment in segments)
        {
            Assert.InRange(segment.Span.Start, end, length);
            Assert.True(segment.Span.Length > 0);
            end = segment.Span.End;
        }

        Assert.InRange(end, 0, length);
    }

    private static void AssertCovered(List<SampleSpan> spans, List<PlannedSegment> segments)
    {
        foreach (SampleSpan span in spans)
        {
            long covered = segments.Sum(segment => Math.Max(0, Math.Min(segment.Span.End, span.End) - Math.Max(segment.Span.Start, span.Start)));
            if (covered != span.Length) Assert.Fail($"{covered} samples of {span} are covered");
        }
    }

    private static void AssertLengths(List<PlannedSegment> segments, SegmentSettings settings, SpeechSettings speech, long length)
    {
        long edge = Math.Max(SegmentSettings.Samples(settings.Edge), SegmentSettings.Samples(speech.Padding));
        long longest = settings.FixedLength is { } fixedLength
            ? SegmentSettings.Samples(fixedLength) + Math.Min(SegmentSettings.Samples(settings.Search), SegmentSettings.Samples(fixedLength) / 2)
            : (length <= SegmentSettings.Samples(settings.WholeUpTo) ? length : SegmentSettings.Samples(settings.MaxLength)) + (2 * edge);
        Assert.All(segments, segment => Assert.InRange(segment.Span.Length, 1, longest));
    }

    // The rule as written down for the C program, over the whole recording.
    private static List<long> PlainCuts(float[] samples, double length, double search)
    {
        int target = (int)(length * Rate), margin = (int)(Math.Min(search, length / 2) * Rate);
        var cuts = new List<long>();
        int position = 0;
        while (position + target + margin < samples.Length)
        {
            int best = position + target;
            double least = double.PositiveInfinity;
            for (int start = position + target - margin; start + 1600 <= position + target + margin; start += 800)
            {
                double energy = samples.AsSpan(start, 1600).ToArray().Sum(sample => (double)sample * sample);
                if (energy >= least) continue;
                least = energy;
                best = start + 800;
            }

            cuts.Add(best);
            position = best;
        }

        cuts.Add(samples.Length);
        return cuts;
    }

    private static void Wave(long position, Memory<float> block)
    {
        for (int i = 0; i < block.Length; i++)
        {
            long at = position + i;
            block.Span[i] = at % (7 * Rate) < 6 * Rate ? MathF.Sin(at * 0.1f) : 0;
        }
    }

    // Speech and silence of all lengths, doubtful stretches, and minutes without a pause.
    private static float[] Track(Random random, int length)
    {
        float[] track = new float[length];
        for (int i = 0; i < length;)
        {
            int run = random.Next(8) switch { 0 => random.Next(1, 3000), < 4 => random.Next(1, 200), _ => random.Next(1, 12) };
            int kind = random.Next(5);
            for (int end = Math.Min(length, i + run); i < end; i++)
                track[i] = kind switch { 0 => 0, 1 => (float)random.NextDouble(), 2 => 0.4f, _ => 0.9f };
        }

        return track;
    }
}
