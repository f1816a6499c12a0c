using System.Runtime.InteropServices;
using Steno.Kernels;
using Steno.Speech;
using Steno.Tests.Kernels;

namespace Steno.Tests.Speech;

public sealed class SileroDetectorTests
{
    private const int FrameLength = SileroDetector.SamplesPerFrame;

    // As ONNX Runtime and Steno add in another order: what the specification asks for.
    private const float Tolerance = 1e-4f;

    [Theory]
    [InlineData("jfk")]
    [InlineData("talk-1")]
    [InlineData("talk-2")]
    [InlineData("talk-3")]
    [InlineData("talk-4")]
    [InlineData("89s_ill_come_back_down_as_soon_as")]
    [InlineData("119s_theres_supposed_to_be_another_broadcast")]
    public void Probabilities_are_those_of_ONNX_Runtime(string name)
    {
        float[] samples = Samples.Read(name switch
        {
            "jfk" => Repository.PathOf("samples", "speech", "jfk.wav"),
            _ when name.StartsWith("talk-", StringComparison.Ordinal) => Repository.RequireShared("data", "tiny-long", name + ".wav"),
            _ => Repository.RequireShared("data", "speech", name + ".wav"),
        });
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Repository.PathOf("tests", "data", "vad", name + ".f32"))).ToArray();

        float[] actual = Detect(samples);

        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        TestContext.Current.SendDiagnosticMessage("{0}", $"{name}: {expected.Length} frames, largest difference {largest:E1}");
        Assert.InRange(largest, 0, Tolerance);
    }

    [Fact]
    public void Every_path_and_every_grouping_of_frames_gives_the_same_bits()
    {
        float[] frames = Frames(40);
        float[] expected = new float[40];
        using (var detector = new SileroDetector(KernelPath.Scalar)) detector.Detect(frames, expected);

        foreach (KernelPath path in KernelPaths.Supported)
        {
            for (int group = 1; group <= 17; group++)
            {
                using var detector = new SileroDetector(path);
                float[] actual = new float[40];
                for (int first = 0; first < 40; first += group)
                {
                    int count = Math.Min(group, 40 - first);
                    detector.Detect(frames.AsSpan(first * FrameLength, count * FrameLength), actual.AsSpan(first, count));
                }

                Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
            }
        }
    }

    [Fact]
    public unsafe void No_sample_beyond_the_frames_is_read()
    {
        using var frames = GuardedBuffer<float>.Random(3 * FrameLength, seed: 5, scale: 0.1f);
        using var probabilities = new GuardedBuffer<float>(3);
        using var detector = new SileroDetector();

        detector.Detect(frames.Span, probabilities.Span);

        Assert.All(probabilities.Span.ToArray(), probability => Assert.InRange(probability, 0, 1));
    }

    [Fact]
    public void After_a_reset_nothing_is_remembered()
    {
        float[] frames = Frames(12);
        using var detector = new SileroDetector();
        float[] first = new float[12], second = new float[12];
        detector.Detect(frames, first);
        detector.Reset();

        detector.Detect(frames, second);

        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e30f)]
    [InlineData(-1e30f)]
    public void A_wild_sample_does_not_spoil_what_follows(float wild)
    {
        float[] frames = Frames(40);
        frames[700] = wild;
        float[] probabilities = new float[40];
        using var detector = new SileroDetector();

        detector.Detect(frames, probabilities);

        Assert.All(probabilities, probability => Assert.InRange(probability, 0, 1));
        Assert.Contains(probabilities[20..], probability => probability > 0.9f);
    }

    [Fact]
    public void Frames_and_probabilities_must_fit()
    {
        using var detector = new SileroDetector();

        Assert.Throws<ArgumentException>(() => detector.Detect(new float[FrameLength + 1], new float[1]));
    }

    private static float[] Detect(float[] samples)
    {
        int count = (samples.Length + FrameLength - 1) / FrameLength;
        Array.Resize(ref samples, count * FrameLength);
        float[] probabilities = new float[count];
        using var detector = new SileroDetector();
        detector.Detect(samples, probabilities);
        return probabilities;
    }

    private static float[] Frames(int count) =>
        Samples.Read(Repository.PathOf("samples", "speech", "jfk.wav")).AsSpan(16_000, count * FrameLength).ToArray();
}
