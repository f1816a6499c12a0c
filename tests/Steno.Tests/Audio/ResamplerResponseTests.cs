using Steno.Audio;

namespace Steno.Tests.Audio;

/// <summary>The response of the resampler to tones, measured: what passes, and what does not.</summary>
public sealed class ResamplerResponseTests(ITestOutputHelper output)
{
    private const int OutputRateHz = 16000;

    public static TheoryData<int> Rates => [8000, 11025, 22050, 44100, 44101, 48000, 96000];

    [Theory, MemberData(nameof(Rates))]
    public async Task Tones_of_the_pass_band_keep_their_level_and_stay_clean(int rateHz)
    {
        double nyquistHz = Math.Min(rateHz, OutputRateHz) / 2.0;
        double worstGain = 0, worstResidue = -200;
        for (int step = 1; step <= 24; step++)
        {
            double hz = nyquistHz * ResamplingKernel.PassBandEdge * step / 24;
            (double gain, double residue) = Fit(await ToneAsync(rateHz, hz), hz);
            worstGain = Math.Max(worstGain, Math.Abs(gain));
            worstResidue = Math.Max(worstResidue, residue);
        }

        output.WriteLine($"{rateHz} Hz: ripple {worstGain:E2} dB, images and noise {worstResidue:F1} dB");
        Assert.InRange(worstGain, 0, 1e-4);
        Assert.InRange(worstResidue, -200, -115);
    }

    [Theory]
    [InlineData(22050)]
    [InlineData(44100)]
    [InlineData(44101)]
    [InlineData(48000)]
    [InlineData(96000)]
    public async Task Tones_of_the_stop_band_do_not_come_back_as_aliases(int rateHz)
    {
        double lowestHz = OutputRateHz / 2.0 * ResamplingKernel.StopBandEdge, highestHz = rateHz / 2.0;
        double worst = -200;
        for (int step = 0; step < 40; step++)
        {
            double hz = lowestHz + ((highestHz - lowestHz) * step * step / 1600);
            float[] tone = await ToneAsync(rateHz, hz);
            worst = Math.Max(worst, 10 * Math.Log10(2 * tone.Average(value => (double)value * value) + 1e-30));
        }

        output.WriteLine($"{rateHz} Hz: stop-band {worst:F1} dB");
        Assert.InRange(worst, -200, -115);
    }

    // The middle of a resampled tone of amplitude 1.
    private static async Task<float[]> ToneAsync(int rateHz, double hz)
    {
        float[] input = [.. Enumerable.Range(0, rateHz / 5).Select(n => (float)Math.Sin(2 * Math.PI * hz * n / rateHz))];
        using var resampler = new Resampler(new ArraySampleReader(input, rateHz), OutputRateHz);
        float[] samples = await AudioFixtures.ReadAllAsync(resampler);
        return samples[800..^800];
    }

    // Least squares of a·sin + b·cos: the gain, and what is left, in dB.
    private static (double Gain, double Residue) Fit(float[] samples, double hz)
    {
        double ss = 0, sc = 0, cc = 0, xs = 0, xc = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * hz * i / OutputRateHz);
            ss += sin * sin;
            sc += sin * cos;
            cc += cos * cos;
            xs += samples[i] * sin;
            xc += samples[i] * cos;
        }

        double determinant = (ss * cc) - (sc * sc);
        double a = ((xs * cc) - (xc * sc)) / determinant, b = ((xc * ss) - (xs * sc)) / determinant;
        double rest = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * hz * i / OutputRateHz);
            double error = samples[i] - (a * sin) - (b * cos);
            rest += error * error;
        }

        return (10 * Math.Log10((a * a) + (b * b)), 10 * Math.Log10((2 * rest / samples.Length) + 1e-30));
    }
}
