using Steno.Audio;

namespace Steno.Tests.Audio;

public sealed class ResamplerTests
{
    private const int OutputRateHz = 16000;

    public static TheoryData<int> RecordedRates => [8000, 11025, 12345, 22050, 44100, 48000];

    public static TheoryData<int> Rates => [1000, 7919, 8000, 11025, 12345, 15999, 16001, 22050, 24000, 32000, 44100, 44101, 48000, 96000, 192000, 999983, 1000000];

    // `sox chirp-R.wav -r 16000 chirp-R.f32 rate -h`: high quality, 125 dB. The chirps stay below 0.86 of the lower Nyquist
    // frequency, where both filters pass everything.
    [Theory, MemberData(nameof(RecordedRates))]
    public async Task A_chirp_comes_out_as_from_SoX(int rateHz)
    {
        using SampleReader reader = await AudioInput.OpenFileAsync(AudioFixtures.PathOf("resample", $"chirp-{rateHz}.wav"), AudioEncoding.Auto, CancellationToken.None);
        float[] actual = await AudioFixtures.ReadAllAsync(reader);
        float[] expected = AudioFixtures.Floats("resample", $"chirp-{rateHz}.f32");

        Assert.Equal(expected.Length, actual.Length);
        double[] errors = [.. expected.Zip(actual, (e, a) => (double)a - e)];
        Assert.InRange(errors.Max(Math.Abs), 0, 3e-6);
        Assert.InRange(10 * Math.Log10(errors.Sum(error => error * error) / expected.Sum(value => (double)value * value)), -200, -115);
    }

    [Theory, MemberData(nameof(Rates))]
    public async Task Every_sample_is_the_sum_of_the_definition(int rateHz)
    {
        float[] input = AudioFixtures.Noise(rateHz > 100_000 ? 20_000 : 700, seed: rateHz);
        float[] actual = await ResampleAsync(new ArraySampleReader(input, rateHz));

        // float weights and sums of at most a few units: some 2^-24 of Σ|w·x|. The interpolated kernel adds 1e-7 per weight.
        for (int i = 0; i < actual.Length; i += 1 + (actual.Length / (rateHz > 100_000 ? 40 : 200)))
            Assert.InRange(actual[i] - Exact(input, rateHz, i), -2e-6, 2e-6);
    }

    [Theory, MemberData(nameof(Rates))]
    public async Task The_length_is_rounded_up(int rateHz)
    {
        foreach (int count in (int[])[0, 1, 2, 3, 62, 63, 4095, 4096, 4097, 12_345])
        {
            long expected = (((long)count * OutputRateHz) + rateHz - 1) / rateHz;
            using var resampler = new Resampler(new ArraySampleReader(new float[count], rateHz), OutputRateHz);
            Assert.Equal(expected, (await AudioFixtures.ReadAllAsync(resampler, blockLength: 65_536)).Length);
        }
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(44100)]
    [InlineData(44101)]
    [InlineData(384000)]
    public async Task Any_split_of_the_reads_gives_the_same_bits(int rateHz)
    {
        float[] input = AudioFixtures.Noise(15_000, seed: 8);
        float[] expected = await ResampleAsync(new ArraySampleReader(input, rateHz));

        for (int seed = 0; seed < 6; seed++)
        {
            using var resampler = new Resampler(new ArraySampleReader(input, rateHz, largestRead: 1 << (2 * seed), seed), OutputRateHz);
            Assert.Equal(expected, await AudioFixtures.ReadAllAsync(resampler, blockLength: 1 + (seed * 37)));
        }
    }

    [Fact]
    public async Task A_steady_level_stays_what_it_is()
    {
        float[] input = new float[20_000];
        input.AsSpan().Fill(0.5f);
        float[] output = await ResampleAsync(new ArraySampleReader(input, 44_100));

        Assert.All(output[200..^200], value => Assert.Equal(0.5f, value, tolerance: 2e-6f));
    }

    [Fact]
    public async Task Samples_come_out_before_the_source_ends()
    {
        using var resampler = new Resampler(new EndlessReader(), OutputRateHz);
        int count = await resampler.ReadAsync(new float[100_000], CancellationToken.None);

        Assert.InRange(count, 1, 4096);
    }

    [Fact]
    public void The_source_is_disposed_too()
    {
        var source = new ArraySampleReader([], 8000);
        new Resampler(source, OutputRateHz).Dispose();

        Assert.True(source.IsDisposed);
    }

    private static async Task<float[]> ResampleAsync(SampleReader source)
    {
        using var resampler = new Resampler(source, OutputRateHz);
        return await AudioFixtures.ReadAllAsync(resampler);
    }

    // Σ x[n]·s·h((n - t)·s) in double, t = i·in/out, s = min(1, out/in), with h written out anew: c = 0.9565, W = 90, β = 12.265.
    private static double Exact(float[] input, int rateHz, int index)
    {
        double scale = Math.Min(1, (double)OutputRateHz / rateHz);
        double time = (double)((long)index * rateHz) / OutputRateHz;
        double sum = 0;
        int first = Math.Max(0, (int)Math.Ceiling(time - (90 / scale))), last = Math.Min(input.Length - 1, (int)Math.Floor(time + (90 / scale)));
        for (int n = first; n <= last; n++)
        {
            double u = (n - time) * scale;
            double x = Math.PI * 0.9565 * u;
            double sinc = x == 0 ? 1 : Math.Sin(x) / x;
            sum += input[n] * scale * 0.9565 * sinc * BesselI0(12.26526 * Math.Sqrt(1 - (u * u / 8100))) / BesselI0(12.26526);
        }

        return sum;
    }

    // I0(x) = (1/π)·∫ exp(x·cos θ) dθ over [0, π]; the trapezoidal rule on a periodic function converges exponentially.
    private static double BesselI0(double x)
    {
        const int Steps = 40;
        double sum = 0;
        for (int i = 0; i < Steps; i++)
            sum += Math.Exp(x * Math.Cos(2 * Math.PI * i / Steps));
        return sum / Steps;
    }

    private sealed class EndlessReader : SampleReader
    {
        public override int SampleRateHz => 48_000;

        public override ValueTask<int> ReadAsync(Memory<float> destination, CancellationToken cancellationToken) => ValueTask.FromResult(Math.Min(destination.Length, 500));

        protected override void Dispose(bool disposing)
        {
        }
    }
}
