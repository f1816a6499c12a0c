using Steno.Audio;

namespace Steno.Tests.Audio;

public sealed unsafe class PowerSpectrum400Tests
{
    [Fact]
    public void Power_is_that_of_the_definition()
    {
        for (int seed = 0; seed < 8; seed++)
            AssertPower(AudioFixtures.Noise(400, seed));
    }

    [Fact]
    public void Every_impulse_and_every_tone_is_right()
    {
        for (int place = 0; place < 400; place += 7)
        {
            float[] impulse = new float[400];
            impulse[place] = 1;
            AssertPower(impulse);
        }

        for (int k = 0; k <= 200; k += 8)
            AssertPower([.. Enumerable.Range(0, 400).Select(n => (float)Math.Cos((2 * Math.PI * k * n / 400) + 0.3))]);
    }

    [Fact]
    public void All_lanes_and_both_paths_give_the_same_bits()
    {
        float[][] frames = [.. Enumerable.Range(0, Vector256Lanes.Count).Select(seed => AudioFixtures.Noise(400, 100 + seed))];
        float[] interleaved = new float[400 * frames.Length];
        for (int lane = 0; lane < frames.Length; lane++)
        {
            for (int n = 0; n < 400; n++)
                interleaved[(n * frames.Length) + lane] = frames[lane][n];
        }

        float[] together = Compute<Vector256Lanes>(interleaved);

        for (int lane = 0; lane < frames.Length; lane++)
            Assert.Equal(Compute<ScalarLane>(frames[lane]), together.Where((_, i) => i % frames.Length == lane));
    }

    private static void AssertPower(float[] frame)
    {
        float[] actual = Compute<ScalarLane>([.. frame.Select(value => value / 2)]);
        double[] expected = ReferenceSpectrum.Power(Array.ConvertAll(frame, value => (double)value));

        // Higham, Accuracy and Stability of Numerical Algorithms, 24.1: a pass of a fast transform adds at most some 7u times the norm of
        // the result, which is √400 times that of the frame; there are five passes.
        double noise = 5 * 7 * Math.Pow(2, -24) * Math.Sqrt(400 * frame.Sum(value => (double)value * value));
        for (int k = 0; k < expected.Length; k++)
            Assert.InRange(Math.Sqrt(actual[k]) - Math.Sqrt(expected[k]), -noise, noise);
    }

    private static float[] Compute<TLanes>(float[] frames)
        where TLanes : struct, IFrameLanes<TLanes>
    {
        float[] input = [.. frames], scratch = new float[frames.Length], power = new float[PowerSpectrum400.BinCount * TLanes.Count];
        fixed (float* a = input, b = scratch, c = power)
            PowerSpectrum400.Compute<TLanes>(a, b, c);
        return power;
    }
}
