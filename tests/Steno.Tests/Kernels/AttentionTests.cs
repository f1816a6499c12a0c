using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Tests.Kernels;

public sealed unsafe class AttentionTests
{
    private const int PageLength = 8;

    public static TheoryData<string> Paths => KernelCases.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Equals_softmax_attention_at_every_number_of_positions(string path)
    {
        foreach (int headWidth in new[] { 1, 3, 64, 100, 128 })
        {
            for (int count = 1; count <= 40; count++) Check<float>(KernelCases.Path(path), headWidth, count);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Sixteen_bit_keys_and_values_are_widened_exactly(string path)
    {
        foreach (int count in new[] { 1, 7, 8, 9, 33 }) Check<BFloat16>(KernelCases.Path(path), 128, count);
    }

    [Theory, MemberData(nameof(Paths))]
    public void Large_scores_do_not_overflow(string path) => Check<float>(KernelCases.Path(path), 16, 20, queryScale: 1000);

    private static void Check<TElement>(KernelPath path, int headWidth, int count, float queryScale = 1)
        where TElement : unmanaged
    {
        using var query = GuardedBuffer<float>.Random(headWidth, seed: 1, queryScale);
        using var keyValues = GuardedBuffer<float>.Random(count * 2 * headWidth, seed: count);
        using var scores = new GuardedBuffer<float>(count);
        using var output = new GuardedBuffer<float>(headWidth);
        var pages = new List<GuardedBuffer<TElement>>();
        nint* pageTable = stackalloc nint[(count + PageLength - 1) / PageLength];
        for (int t = 0; t < count; t++)
        {
            if (t % PageLength == 0)
            {
                int pageCount = Math.Min(PageLength, count - t);
                pages.Add(new GuardedBuffer<TElement>((PageLength + pageCount) * headWidth));
                pageTable[t / PageLength] = (nint)pages[^1].Pointer;
            }

            for (int i = 0; i < headWidth; i++)
            {
                pages[^1].Span[(t % PageLength * headWidth) + i] = Narrow(ref keyValues.Span[(t * 2 * headWidth) + i]);
                pages[^1].Span[((PageLength + (t % PageLength)) * headWidth) + i] = Narrow(ref keyValues.Span[(((t * 2) + 1) * headWidth) + i]);
            }
        }

        var keys = new AttentionKeys
        {
            Pages = (void**)pageTable,
            PageLength = PageLength,
            ValueOffset = PageLength * headWidth,
            PositionStride = headWidth,
            Count = count,
            HeadWidth = headWidth,
        };
        Attention.Run<TElement>(query.Pointer, keys, 0.25f, scores.Pointer, output.Pointer, path);

        double[] expected = Expected(query.Span, keyValues.Span, headWidth, count);
        for (int i = 0; i < headWidth; i++) Assert.Equal(expected[i], output.Span[i], 2e-5 * queryScale);
        foreach (GuardedBuffer<TElement> page in pages) page.Dispose();

        // Rounds the source too, so that the expectation sees the same values.
        static TElement Narrow(ref float value)
        {
            if (typeof(TElement) == typeof(float)) return (TElement)(object)value;
            var narrow = (BFloat16)value;
            value = narrow;
            return (TElement)(object)narrow;
        }
    }

    private static double[] Expected(ReadOnlySpan<float> query, ReadOnlySpan<float> keyValues, int headWidth, int count)
    {
        double[] weights = new double[count];
        for (int t = 0; t < count; t++)
        {
            for (int i = 0; i < headWidth; i++) weights[t] += 0.25 * query[i] * keyValues[(t * 2 * headWidth) + i];
        }

        double max = weights.Max();
        for (int t = 0; t < count; t++) weights[t] = Math.Exp(weights[t] - max);
        double sum = weights.Sum();
        double[] output = new double[headWidth];
        for (int t = 0; t < count; t++)
        {
            for (int i = 0; i < headWidth; i++) output[i] += weights[t] / sum * keyValues[(((t * 2) + 1) * headWidth) + i];
        }

        return output;
    }
}
