using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class GreedyHeadTests
{
    private const int Width = 24;

    public static TheoryData<string> Paths => KernelCases.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Finds_each_row_s_largest_logit_and_its_probability(string path)
    {
        foreach (int vocabulary in new[] { 1, 2, 15, 16, 17, 63, 64, 65, 200, 1123 })
        {
            foreach (int rowCount in new[] { 1, 3, 8, 11 })
            {
                float[] rows = Random(rowCount * Width, seed: vocabulary);
                float[] weights = Random(vocabulary * Width, seed: 5);
                GreedyChoice[] choices = Run(rows, weights, rowCount, KernelCases.Path(path));
                for (int row = 0; row < rowCount; row++)
                {
                    double[] logits = Logits(rows.AsSpan(row * Width, Width), weights);
                    Assert.Equal(Array.IndexOf(logits, logits.Max()), choices[row].Index);
                    Assert.Equal(1 / logits.Sum(logit => Math.Exp(logit - logits.Max())), choices[row].Probability, 1e-5);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_row_does_not_depend_on_the_rows_beside_it(string path)
    {
        float[] rows = Random(9 * Width, seed: 1);
        float[] weights = Random(500 * Width, seed: 2);
        GreedyChoice[] together = Run(rows, weights, 9, KernelCases.Path(path));
        for (int row = 0; row < 9; row++)
            Assert.Equal(together[row], Run(rows[(row * Width)..((row + 1) * Width)], weights, 1, KernelCases.Path(path))[0]);
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_tie_goes_to_the_lowest_index(string path)
    {
        float[] weights = new float[50 * Width];
        weights.AsSpan(37 * Width, Width).Fill(1);
        weights.AsSpan(20 * Width, Width).Fill(1);
        weights.AsSpan(22 * Width, Width).Fill(1);
        float[] row = new float[Width];
        Array.Fill(row, 1);

        Assert.Equal(20, Run(row, weights, 1, KernelCases.Path(path))[0].Index);
    }

    [Theory, MemberData(nameof(Paths))]
    public void Negative_logits_win_over_the_zeros_that_fill_the_last_panel(string path)
    {
        float[] weights = new float[5 * Width];
        Array.Fill(weights, -1);
        weights[(3 * Width) + 1] = -0.5f;
        float[] row = new float[Width];
        Array.Fill(row, 1);

        Assert.Equal(3, Run(row, weights, 1, KernelCases.Path(path))[0].Index);
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_logit_that_is_no_number_makes_the_probability_nan(string path)
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity })
        {
            foreach (int index in new[] { 0, 21, 49 })
            {
                float[] weights = Random(50 * Width, seed: 3);
                float[] row = new float[Width];
                row[0] = 1;
                weights[index * Width] = bad;
                Assert.True(double.IsNaN(Run(row, weights, 1, KernelCases.Path(path))[0].Probability));
            }
        }
    }

    private static GreedyChoice[] Run(float[] rows, float[] weights, int rowCount, KernelPath path)
    {
        int vocabulary = weights.Length / Width;
        using var head = new PackedMatrix(WeightFormat.F32, vocabulary, Width);
        for (int i = 0; i < vocabulary; i++) head.SetRow(i, weights.AsSpan(i * Width, Width));
        using var input = new GuardedBuffer<float>(rows.Length);
        rows.CopyTo(input.Span);
        using GuardedBuffer<byte> tiles = ProductInput.Create(input.Pointer, rowCount, head, path);

        using var maxima = new GuardedBuffer<float>(rowCount * head.PanelCount);
        using var sums = new GuardedBuffer<float>(rowCount * head.PanelCount);
        TileShape shape = head.Shape(rowCount, path);
        int firstPanels = Math.Min(Gemm.PassPanels(head.Format, shape), head.PanelCount);
        GreedyHead.Run(tiles.Pointer, rowCount, head, 0, shape.Count, 0, firstPanels, maxima.Pointer, sums.Pointer, path);
        GreedyHead.Run(tiles.Pointer, rowCount, head, 0, shape.Count, firstPanels, head.PanelCount - firstPanels, maxima.Pointer, sums.Pointer, path);
        var choices = new GreedyChoice[rowCount];
        for (int row = 0; row < rowCount; row++)
            choices[row] = GreedyHead.Choose(tiles.Pointer, rowCount, row, head, maxima.Pointer + (row * head.PanelCount), sums.Pointer + (row * head.PanelCount), path);
        return choices;
    }

    private static double[] Logits(ReadOnlySpan<float> row, float[] weights)
    {
        double[] logits = new double[weights.Length / Width];
        for (int i = 0; i < logits.Length; i++)
        {
            for (int k = 0; k < Width; k++) logits[i] += (double)row[k] * weights[(i * Width) + k];
        }

        return logits;
    }

    private static float[] Random(int length, int seed)
    {
        using GuardedBuffer<float> values = GuardedBuffer<float>.Random(length, seed);
        return values.Span.ToArray();
    }
}
