using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class GeluTests
{
    public static TheoryData<string> Paths => KernelCases.Paths;

    // x * Phi(x) from Python's math.erf, in double precision.
    public static TheoryData<float, double> Known => new()
    {
        { 0f, 0 },
        { 0.5f, 0.34573123063700656 },
        { 1f, 0.8413447460685429 },
        { -1f, -0.15865525393145707 },
        { 3f, 2.99595030590511 },
        { -3f, -0.00404969409489028 },
        { 100f, 100 },
        { -100f, 0 },
    };

    [Theory, MemberData(nameof(Known))]
    public void The_double_precision_oracle_gives_known_values(float x, double expected) => Assert.Equal(expected, Exact(x), 1e-12);

    [Theory, MemberData(nameof(Paths))]
    public void Values_are_within_half_a_millionth_at_every_length(string path)
    {
        foreach (int length in KernelCases.Lengths)
        {
            using var values = GuardedBuffer<float>.Random(length, seed: length, scale: 3);
            float[] input = values.Span.ToArray();
            Gelu.Apply(values.Pointer, length, KernelCases.Path(path));
            for (int i = 0; i < length; i++)
                Assert.InRange(values.Span[i] - Exact(input[i]), -5e-7 * Math.Max(1, Math.Abs(input[i])), 5e-7 * Math.Max(1, Math.Abs(input[i])));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void The_negative_tail_keeps_its_relative_precision(string path)
    {
        using var values = new GuardedBuffer<float>(5);
        float[] input = [-1.5f, -2.5f, -3.5f, -4.5f, -5.5f];
        input.CopyTo(values.Span);
        Gelu.Apply(values.Pointer, input.Length, KernelCases.Path(path));
        for (int i = 0; i < input.Length; i++) Assert.InRange((values.Span[i] / Exact(input[i])) - 1, -5e-6, 5e-6);
    }

    [Theory, MemberData(nameof(Paths))]
    public void Nan_stays_nan(string path)
    {
        using var values = new GuardedBuffer<float>(9);
        values.Span.Fill(float.NaN);
        Gelu.Apply(values.Pointer, 9, KernelCases.Path(path));
        Assert.All(values.Span.ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    /// <summary>x * Phi(x) in double precision: erf by its Maclaurin series, erfc by its continued fraction.</summary>
    internal static double Exact(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2);
        double upperTail;
        if (z < 2)
        {
            double term = z;
            double sum = z;
            for (int n = 1; Math.Abs(term) > 1e-18; n++)
            {
                term *= -z * z / n;
                sum += term / ((2 * n) + 1);
            }

            upperTail = 0.5 * (1 - (2 / Math.Sqrt(Math.PI) * sum));
        }
        else
        {
            double fraction = z;
            for (int n = 120; n >= 1; n--) fraction = z + (n / 2.0 / fraction);
            upperTail = 0.5 * Math.Exp(-z * z) / (Math.Sqrt(Math.PI) * fraction);
        }

        return x * (x < 0 ? upperTail : 1 - upperTail);
    }
}
