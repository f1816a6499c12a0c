using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class SwiGluTests
{
    public static TheoryData<string> Paths => KernelCases.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Equals_its_formula_at_every_length_and_may_overwrite_the_gate(string path)
    {
        foreach (int length in KernelCases.Lengths)
        {
            using var gate = GuardedBuffer<float>.Random(length, seed: 1, scale: 4);
            using var up = GuardedBuffer<float>.Random(length, seed: 2);
            float[] x = gate.Span.ToArray();
            SwiGlu.Apply(gate.Pointer, up.Pointer, gate.Pointer, length, KernelCases.Path(path));
            for (int i = 0; i < length; i++)
                Assert.Equal(x[i] / (1 + Math.Exp(-(double)x[i])) * up.Span[i], gate.Span[i], 1e-5);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Extreme_gates_close_or_pass(string path)
    {
        using var gate = new GuardedBuffer<float>(8);
        using var up = new GuardedBuffer<float>(8);
        up.Span.Fill(2);
        float[] extremes = [-1000, -100, 100, 1000, -1000, -100, 100, 1000];
        extremes.CopyTo(gate.Span);
        SwiGlu.Apply(gate.Pointer, up.Pointer, gate.Pointer, 8, KernelCases.Path(path));
        float[] expected = [0, 0, 200, 2000, 0, 0, 200, 2000];
        for (int i = 0; i < 8; i++) Assert.Equal(expected[i], gate.Span[i], 1e-30f);
    }
}
