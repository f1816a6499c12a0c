using Steno.Speech;

namespace Steno.Tests.Speech;

public sealed class EnergyDetectorTests
{
    private const int Rate = 16_000;

    [Fact]
    public void A_louder_stretch_in_room_noise_is_speech()
    {
        float[] samples = Noise(10 * Rate, -60, seed: 1);
        AddTone(samples, 4 * Rate, 2 * Rate, -20);

        SampleSpan span = Assert.Single(Find(samples));

        Assert.InRange(span.Start, (4 * Rate) - 1600, (4 * Rate) + 1600);
        Assert.InRange(span.End, (6 * Rate) - 1600, (6 * Rate) + 1600);
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(-45)]
    [InlineData(-60)]
    [InlineData(-80)]
    public void Steady_noise_of_any_level_is_no_speech(int level) => Assert.Empty(Find(Noise(60 * Rate, level, seed: 2)));

    [Fact]
    public void The_floor_recovers_from_a_noise_that_grew()
    {
        float[] samples = [.. Noise(10 * Rate, -65, seed: 3), .. Noise(80 * Rate, -45, seed: 4)];

        Assert.All(Find(samples), span => Assert.InRange(span.End, 0, 50 * Rate));
    }

    [Fact]
    public void Digital_silence_says_nothing_of_the_noise()
    {
        float[] samples = [.. new float[20 * Rate], .. Noise(20 * Rate, -50, seed: 5)];

        Assert.DoesNotContain(Find(samples), span => span.End > 22 * Rate);
    }

    [Fact]
    public void A_constant_offset_is_no_sound()
    {
        float[] samples = Noise(20 * Rate, -70, seed: 6);
        for (int i = 0; i < samples.Length; i++) samples[i] += 0.3f;

        Assert.Empty(Find(samples));
    }

    [Fact]
    public void Any_grouping_of_frames_gives_the_same_bits()
    {
        float[] samples = Samples.Read(Repository.PathOf("samples", "speech", "jfk.wav"));
        using var detector = new EnergyDetector();
        int count = samples.Length / detector.FrameLength;
        float[] expected = new float[count], actual = new float[count];
        detector.Detect(samples.AsSpan(0, count * detector.FrameLength), expected);
        detector.Reset();
        for (int i = 0; i < count; i++) detector.Detect(samples.AsSpan(i * detector.FrameLength, detector.FrameLength), actual.AsSpan(i, 1));

        Assert.Equal(expected, actual);
        Assert.Contains(expected, probability => probability > 0.9f);
    }

    internal static float[] Noise(int length, double level, int seed)
    {
        var random = new Random(seed);
        double scale = Math.Pow(10, level / 20);
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) samples[i] = (float)(scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return samples;
    }

    internal static void AddTone(float[] samples, int start, int length, double level)
    {
        double scale = Math.Sqrt(2) * Math.Pow(10, level / 20);
        for (int i = start; i < start + length; i++) samples[i] += (float)(scale * Math.Sin(2 * Math.PI * 220 * i / Rate));
    }

    private static List<SampleSpan> Find(float[] samples)
    {
        using var detector = new EnergyDetector();
        return SpeechFinderTests.Find(detector, new SpeechSettings(), samples, 4096);
    }
}
