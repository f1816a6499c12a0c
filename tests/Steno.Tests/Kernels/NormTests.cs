using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class NormTests
{
    public static TheoryData<string> Paths => KernelCases.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Rms_norm_equals_its_formula_at_every_width(string path)
    {
        foreach (int width in KernelCases.Lengths)
        {
            using var x = GuardedBuffer<float>.Random(width, seed: 1, scale: 5);
            using var weight = GuardedBuffer<float>.Random(width, seed: 2);
            using var output = new GuardedBuffer<float>(width);
            RmsNorm.Apply(x.Pointer, weight.Pointer, output.Pointer, width, 1e-6f, KernelCases.Path(path));

            double meanSquare = x.Span.ToArray().Average(value => (double)value * value);
            for (int i = 0; i < width; i++)
                Assert.Equal(x.Span[i] / Math.Sqrt(meanSquare + 1e-6) * weight.Span[i], output.Span[i], 1e-5);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Layer_norm_equals_its_formula_even_far_from_zero(string path)
    {
        foreach (int width in KernelCases.Lengths)
        {
            using var x = GuardedBuffer<float>.Random(width, seed: 1, scale: 5);
            foreach (ref float value in x.Span) value += 1000;
            using var weight = GuardedBuffer<float>.Random(width, seed: 2);
            using var bias = GuardedBuffer<float>.Random(width, seed: 3);
            using var output = new GuardedBuffer<float>(width);
            LayerNorm.Apply(x.Pointer, weight.Pointer, bias.Pointer, output.Pointer, width, 1e-5f, KernelCases.Path(path));

            double mean = x.Span.ToArray().Average(value => (double)value);
            double variance = x.Span.ToArray().Average(value => (value - mean) * (value - mean));
            for (int i = 0; i < width; i++)
                Assert.Equal(((x.Span[i] - mean) / Math.Sqrt(variance + 1e-5) * weight.Span[i]) + bias.Span[i], output.Span[i], 2e-3);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Norms_may_write_over_their_input(string path)
    {
        const int Width = 37;
        using var x = GuardedBuffer<float>.Random(Width, seed: 1);
        using var ones = new GuardedBuffer<float>(Width);
        ones.Span.Fill(1);
        using var expected = new GuardedBuffer<float>(Width);
        RmsNorm.Apply(x.Pointer, ones.Pointer, expected.Pointer, Width, 0, KernelCases.Path(path));
        RmsNorm.Apply(x.Pointer, ones.Pointer, x.Pointer, Width, 0, KernelCases.Path(path));
        Assert.Equal(expected.Span.ToArray(), x.Span.ToArray());
    }
}
