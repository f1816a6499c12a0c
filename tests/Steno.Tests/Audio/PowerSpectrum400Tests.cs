using System.Runtime.Intrinsics;
using Steno.Audio;
using Steno.Kernels;

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
    public void All_lanes_of_all_widths_give_the_same_bits()
    {
        float[][] frames = [.. Enumerable.Range(0, Lanes512.Count).Select(seed => AudioFixtures.Noise(400, 100 + seed))];
        float[][] sixteen = InStep<Lanes512, Vector512<float>>(frames);

        for (int i = 0; i < frames.Length; i++)
        {
            // The same frame in the last lane, with others before it.
            Assert.Equal(sixteen[i], InStep<Lanes128, Vector128<float>>([frames[0], frames[1], frames[2], frames[i]])[^1]);
            Assert.Equal(sixteen[i], InStep<Lanes256, Vector256<float>>([.. frames[3..10], frames[i]])[^1]);
        }
    }

    private static void AssertPower(float[] frame)
    {
        float[] actual = InStep<Lanes128, Vector128<float>>([frame, new float[400], frame, new float[400]])[2];
        double[] expected = ReferenceSpectrum.Power(Array.ConvertAll(frame, value => (double)value));

        // Higham, Accuracy and Stability of Numerical Algorithms, 24.1: a pass of a fast transform adds at most some 7u times the norm of
        // the result, which is √400 times that of the frame; there are five passes.
        double noise = 5 * 7 * Math.Pow(2, -24) * Math.Sqrt(400 * frame.Sum(value => (double)value * value));
        for (int k = 0; k < expected.Length; k++)
            Assert.InRange(Math.Sqrt(actual[k]) - Math.Sqrt(expected[k]), -noise, noise);
    }

    // The power of as many frames as there are lanes.
    private static float[][] InStep<TLanes, TVector>(float[][] frames)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int lanes = TLanes.Count;
        float[] input = new float[400 * lanes], scratch = new float[400 * lanes], power = new float[PowerSpectrum400.BinCount * lanes];
        for (int i = 0; i < input.Length; i++) input[i] = frames[i % lanes][i / lanes] / 2;
        fixed (float* a = input, b = scratch, c = power)
            PowerSpectrum400.Compute<TLanes, TVector>(a, b, c);
        return [.. Enumerable.Range(0, lanes).Select(lane => power.Where((_, i) => i % lanes == lane).ToArray())];
    }
}
