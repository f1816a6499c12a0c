using Steno.Speech;

namespace Steno.Tests.Speech;

public sealed class SilenceSkippingTests
{
    private const int Rate = 16_000;

    [Fact]
    public void Of_a_silence_the_first_600_ms_stay()
    {
        float[] samples = new float[10 * Rate];
        EnergyDetectorTests.AddTone(samples, 2 * Rate, Rate, -10);
        EnergyDetectorTests.AddTone(samples, 7 * Rate, Rate, -10);

        IReadOnlyList<SampleSpan> kept = SilenceSkipping.Kept(samples);

        Assert.Equal(3, kept.Count);
        Assert.Equal(new SampleSpan(0, 9600), kept[0]);
        Assert.InRange(kept[1].Start, (2 * Rate) - 1600, 2 * Rate);

        // Behind a tone at -10 dB the smoothed level needs 23 frames to fall to 0.002.
        Assert.InRange(kept[1].End, (3 * Rate) + 9600, (3 * Rate) + 9600 + 4800);
        Assert.InRange(kept[2].Start, (7 * Rate) - 1600, 7 * Rate);
    }

    [Fact]
    public void Kept_parts_move_together()
    {
        float[] samples = [.. Enumerable.Range(0, 100).Select(i => (float)i)];

        Memory<float> compact = SilenceSkipping.Compact(samples, [new SampleSpan(10, 13), new SampleSpan(50, 52)]);

        Assert.Equal([10, 11, 12, 50, 51], compact.ToArray());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(100, 100)]
    [InlineData(9600, 9600)]
    [InlineData(50_000, 9600)]
    public void Silence_alone_keeps_its_start(int length, int kept) =>
        Assert.Equal(kept, SilenceSkipping.Kept(new float[length]).Sum(span => span.Length));

    [Fact]
    public void Steady_speech_stays_whole()
    {
        float[] samples = new float[5 * Rate];
        EnergyDetectorTests.AddTone(samples, 0, samples.Length, -10);

        Assert.Equal([new SampleSpan(0, samples.Length)], SilenceSkipping.Kept(samples));
    }
}
