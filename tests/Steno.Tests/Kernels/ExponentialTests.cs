using System.Runtime.Intrinsics;
using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class ExponentialTests
{
    [Fact]
    public void All_widths_are_within_two_units_in_the_last_place()
    {
        float* x = stackalloc float[16];
        float* y = stackalloc float[16];
        for (int first = -87_000; first < 88_000; first += 16)
        {
            for (int i = 0; i < 16; i++) x[i] = (first + i) / 1000f;
            Exponential.Of<Lanes512, Vector512<float>>(Vector512.Load(x)).Store(y);
            for (int i = 0; i < 16; i++) Assert.InRange((y[i] / Math.Exp(x[i])) - 1, -1.3e-7, 1.3e-7);
            for (int i = 0; i < 16; i += 8) Assert.Equal(Vector256.Load(y + i), Exponential.Of<Lanes256, Vector256<float>>(Vector256.Load(x + i)));
            for (int i = 0; i < 16; i += 4) Assert.Equal(Vector128.Load(y + i), Exponential.Of<Lanes128, Vector128<float>>(Vector128.Load(x + i)));
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-200f, 0)]
    [InlineData(200f, 2.3e38)]
    public void Arguments_beyond_the_range_are_held_at_its_ends(float x, double expected) =>
        Assert.Equal(expected, Exponential.Of<Lanes128, Vector128<float>>(Vector128.Create(x))[0], 1e37);

    [Fact]
    public void What_is_below_the_normal_numbers_is_zero_in_all_widths_and_nan_stays_nan()
    {
        foreach (float x in new[] { -87.4f, -90, -100, -1e30f, float.NegativeInfinity })
        {
            Assert.Equal(0, Exponential.Of(x));
            Assert.Equal(Vector128<float>.Zero, Exponential.Of<Lanes128, Vector128<float>>(Vector128.Create(x)));
            Assert.Equal(Vector256<float>.Zero, Exponential.Of<Lanes256, Vector256<float>>(Vector256.Create(x)));
            Assert.Equal(Vector512<float>.Zero, Exponential.Of<Lanes512, Vector512<float>>(Vector512.Create(x)));
        }

        Assert.True(float.IsNormal(Exponential.Of(-87.32f)));
        Assert.True(float.IsNormal(Exponential.Of<Lanes128, Vector128<float>>(Vector128.Create(-87.32f))[0]));
        Assert.True(float.IsNaN(Exponential.Of(float.NaN)));
        Assert.True(float.IsNaN(Exponential.Of<Lanes256, Vector256<float>>(Vector256.Create(float.NaN))[0]));
    }
}
