using System.Runtime.Intrinsics;
using Steno.Audio;
using Steno.Kernels;

namespace Steno.Tests.Audio;

public sealed class LogMelSpectrogramTests
{
    private const int MelBinCount = 128;
    private static readonly LogMelSpectrogram Spectrogram = new(MelBinCount);

    public static TheoryData<string, string> Goldens => new()
    {
        { "tiny-asr", "english" },
        { "tiny-asr", "chinese" },
        { "random-small", "clip-0.73" },
    };

    public static TheoryData<string, string> SharedGoldens => new()
    {
        { "tiny-asr", "english" },
        { "tiny-asr", "chinese" },
        { "tiny-asr", "two-windows" },
        { "tiny-asr", "three-windows" },
        { "random-small", "clip-0.73" },
        { "random-small", "clip-9.37" },
    };

    [Theory, MemberData(nameof(Goldens))]
    public void Features_are_those_of_the_reference(string checkpoint, string clip)
    {
        AssertGolden(Repository.PathOf("tests", "data", "golden", checkpoint, clip));
    }

    [Theory, MemberData(nameof(SharedGoldens))]
    public void Features_are_those_of_the_reference_for_all_shared_clips(string checkpoint, string clip)
    {
        AssertGolden(Path.Combine(Repository.RequireShared("golden", checkpoint), clip));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(319)]
    [InlineData(320)]
    [InlineData(359)]
    [InlineData(360)]
    [InlineData(400)]
    [InlineData(1279)]
    [InlineData(1280)]
    [InlineData(1441)]
    [InlineData(4001)]
    public void Any_length_from_201_on_is_right_to_the_last_frame(int sampleCount)
    {
        float[] samples = AudioFixtures.Noise(sampleCount, seed: sampleCount);

        AssertClose(ReferenceSpectrum.LogMel(samples, MelBinCount), Compute(samples), worst: 5e-6, rms: 5e-7);
    }

    [Fact]
    public void Another_number_of_mel_bins_is_right_too()
    {
        float[] samples = AudioFixtures.Noise(2000, seed: 5);
        float[] actual = new float[LogMelSpectrogram.FrameCount(2000) * 81];
        new LogMelSpectrogram(81).Compute(samples, actual, CancellationToken.None);

        AssertClose(ReferenceSpectrum.LogMel(samples, 81), actual, worst: 5e-6, rms: 5e-7);
    }

    [Fact]
    public void Four_eight_and_sixteen_frames_in_step_give_the_same_bits()
    {
        float[] samples = AudioFixtures.Noise(21 * 160, seed: 6);
        float[] four = new float[21 * MelBinCount], sixteen = new float[21 * MelBinCount];
        Spectrogram.Compute<Lanes128, Vector128<float>>(samples, four, CancellationToken.None);
        Spectrogram.Compute<Lanes512, Vector512<float>>(samples, sixteen, CancellationToken.None);

        Assert.Equal(four, Compute(samples));
        Assert.Equal(sixteen, Compute(samples));
    }

    [Fact]
    public void Silence_is_minus_one_and_a_half_everywhere()
    {
        Assert.All(Compute(new float[8000]), value => Assert.Equal(-1.5f, value, tolerance: 1e-6f));
    }

    [Fact]
    public void Values_reach_at_most_two_below_the_largest_of_the_whole_audio()
    {
        float[] samples = new float[16000];
        for (int i = 0; i < 4000; i++)
            samples[i] = MathF.Sin(i * 0.4f);
        float[] features = Compute(samples);

        Assert.Equal(features.Max() - 2, features.Min(), tolerance: 1e-6f);
        Assert.Equal(features.Min(), features[^1]);
    }

    [Fact]
    public void Frame_counts_are_floors()
    {
        Assert.Equal([0, 0, 1, 1, 1100, 1000], ((int[])[0, 159, 160, 319, 176000, 160001]).Select(LogMelSpectrogram.FrameCount));
    }

    [Fact]
    public void Too_few_samples_and_a_destination_of_the_wrong_size_are_errors()
    {
        var fault = Assert.Throws<ArgumentException>(() => Spectrogram.Compute(new float[200], new float[MelBinCount], CancellationToken.None));
        Assert.Contains("201", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Spectrogram.Compute(new float[320], new float[MelBinCount], CancellationToken.None));
        Assert.Throws<ArgumentException>(() => Spectrogram.Compute(new float[320], new float[(2 * MelBinCount) + 1], CancellationToken.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LogMelSpectrogram(0));
    }

    [Fact]
    public void A_cancelled_token_stops_the_computation()
    {
        Assert.Throws<OperationCanceledException>(() => Spectrogram.Compute(new float[320], new float[2 * MelBinCount], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Several_threads_may_share_one_instance_and_memory_does_not_grow_with_length()
    {
        float[] samples = AudioFixtures.Noise(160_000, seed: 7);
        float[] expected = Compute(samples);

        Parallel.For(0, 8, _ =>
        {
            float[] features = new float[expected.Length];
            long before = GC.GetAllocatedBytesForCurrentThread();
            Spectrogram.Compute(samples, features, CancellationToken.None);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_384);
            Assert.Equal(expected, features);
        });
    }

    private static void AssertGolden(string pathWithoutExtension)
    {
        GoldenFile golden = GoldenFile.Load(pathWithoutExtension + ".safetensors");
        float[] samples = AudioFixtures.ReadWav(pathWithoutExtension + ".wav");
        Assert.Equal([LogMelSpectrogram.FrameCount(samples.Length), MelBinCount], golden.Shape("mel"));

        AssertClose(Array.ConvertAll(golden["mel"], value => (double)value), Compute(samples), worst: 1e-4, rms: 1e-5);
    }

    private static float[] Compute(float[] samples)
    {
        float[] features = new float[LogMelSpectrogram.FrameCount(samples.Length) * MelBinCount];
        Spectrogram.Compute(samples, features, CancellationToken.None);
        return features;
    }

    private static void AssertClose(double[] expected, float[] actual, double worst, double rms)
    {
        double[] errors = [.. expected.Zip(actual, (e, a) => Math.Abs(e - a))];
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(errors.Max(), 0, worst);
        Assert.InRange(Math.Sqrt(errors.Average(error => error * error)), 0, rms);
    }
}
