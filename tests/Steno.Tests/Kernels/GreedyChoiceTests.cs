using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class GreedyChoiceTests
{
    public static TheoryData<string> Paths => KernelCases.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Finds_the_largest_logit_and_its_probability_at_every_length(string path)
    {
        foreach (int count in KernelCases.Lengths)
        {
            using var logits = GuardedBuffer<float>.Random(count, seed: count, scale: 3);
            GreedyChoice choice = GreedyChoice.From(logits.Pointer, count, KernelCases.Path(path));

            float[] values = logits.Span.ToArray();
            Assert.Equal(Array.IndexOf(values, values.Max()), choice.Index);
            Assert.Equal(Math.Exp(values.Max()) / values.Sum(value => Math.Exp(value)), choice.Probability, 1e-6);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_tie_goes_to_the_lowest_index(string path)
    {
        using var logits = new GuardedBuffer<float>(20);
        logits.Span[7] = 5;
        logits.Span[13] = 5;
        Assert.Equal(7, GreedyChoice.From(logits.Pointer, 20, KernelCases.Path(path)).Index);
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_logit_that_is_not_finite_makes_the_probability_nan(string path)
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity })
        {
            using var logits = new GuardedBuffer<float>(20);
            logits.Span[11] = bad;
            Assert.True(double.IsNaN(GreedyChoice.From(logits.Pointer, 20, KernelCases.Path(path)).Probability));
        }
    }
}
