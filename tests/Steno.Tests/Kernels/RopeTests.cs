using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class RopeTests
{
    [Fact]
    public void Rotates_lane_i_together_with_lane_i_plus_half()
    {
        const int Width = 8;
        const int Position = 3;
        double[] frequencies = Rope.Frequencies(10_000, Width);
        Assert.Equal([1, 0.1, 0.01, 0.001], frequencies.Select(value => Math.Round(value, 12)));

        float* cosines = stackalloc float[4];
        float* sines = stackalloc float[4];
        Rope.FillAngles(Position, frequencies, cosines, sines);
        float* head = stackalloc float[Width] { 1, 0, 2, 0, 0, 1, 0, 3 };
        Rope.Apply(head, cosines, sines, Width);

        float[] expected =
        [
            (float)Math.Cos(3), (float)-Math.Sin(0.3), 2 * (float)Math.Cos(0.03), -3 * (float)Math.Sin(0.003),
            (float)Math.Sin(3), (float)Math.Cos(0.3), 2 * (float)Math.Sin(0.03), 3 * (float)Math.Cos(0.003),
        ];
        for (int i = 0; i < Width; i++) Assert.Equal(expected[i], head[i], 1e-6f);
    }
}
