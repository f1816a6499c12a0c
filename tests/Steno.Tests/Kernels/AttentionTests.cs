using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Tests.Kernels;

public sealed unsafe class AttentionTests
{
    private const int PageLength = 32;

    public static TheoryData<string> Paths => KernelCases.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Equals_softmax_attention_at_every_number_of_positions(string path)
    {
        foreach (int headWidth in new[] { 1, 3, 16, 40, 64 })
        {
            for (int keyCount = 1; keyCount <= 70; keyCount += keyCount < 20 ? 1 : 7)
            {
                foreach (int rowCount in new[] { 1, 2, 3, 8 }) new Problem(headWidth, keyCount, rowCount, keyCountStep: 0).Check<float>(KernelCases.Path(path));
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_causal_row_sees_one_position_more_than_the_row_before(string path)
    {
        for (int keyCount = 1; keyCount <= 70; keyCount += 3) new Problem(64, keyCount, rowCount: 8, keyCountStep: 1).Check<float>(KernelCases.Path(path));
    }

    [Theory, MemberData(nameof(Paths))]
    public void Sixteen_bit_keys_and_values_are_widened_exactly(string path)
    {
        foreach (int keyCount in new[] { 1, 31, 32, 33, 100 }) new Problem(128, keyCount, rowCount: 4, keyCountStep: 1).Check<BFloat16>(KernelCases.Path(path));
    }

    [Theory, MemberData(nameof(Paths))]
    public void Large_scores_do_not_overflow(string path) =>
        new Problem(16, keyCount: 20, rowCount: 2, keyCountStep: 0, queryScale: 1000).Check<float>(KernelCases.Path(path));

    [Theory, MemberData(nameof(Paths))]
    public void A_row_does_not_depend_on_the_rows_beside_it(string path)
    {
        for (int rowCount = 1; rowCount <= 8; rowCount++)
        {
            var together = new Problem(64, keyCount: 45, rowCount, keyCountStep: 1);
            float[] expected = together.Run<BFloat16>(KernelCases.Path(path), firstRow: 0, rowCount);
            for (int row = 0; row < rowCount; row++)
                Assert.Equal(expected.AsSpan(row * 64, 64).ToArray(), together.Run<BFloat16>(KernelCases.Path(path), row, rowCount: 1));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Heads_that_share_keys_are_computed_as_each_alone(string path)
    {
        foreach (int rowCount in new[] { 1, 2, 5 })
        {
            var problem = new Problem(48, keyCount: 70, rowCount, keyCountStep: 1);
            float[] together = problem.Run<BFloat16>(KernelCases.Path(path), 0, rowCount, headCount: 2);
            for (int head = 0; head < 2; head++)
            {
                float[] alone = problem.Run<BFloat16>(KernelCases.Path(path), 0, rowCount, head);
                for (int row = 0; row < rowCount; row++)
                    Assert.Equal(alone.AsSpan(row * 48, 48).ToArray(), together.AsSpan((row * 96) + (head * 48), 48).ToArray());
            }
        }
    }

    /// <summary>Random queries of two heads, keys and values, with the exact result computed in double precision.</summary>
    private sealed class Problem
    {
        private readonly int _headWidth;
        private readonly int _keyCount;
        private readonly int _rowCount;
        private readonly int _keyCountStep;
        private readonly float _queryScale;
        private readonly float[] _queries;
        private readonly float[] _keys;
        private readonly float[] _values;

        public Problem(int headWidth, int keyCount, int rowCount, int keyCountStep, float queryScale = 1)
        {
            (_headWidth, _keyCount, _rowCount, _keyCountStep, _queryScale) = (headWidth, keyCount, rowCount, keyCountStep, queryScale);
            int total = keyCount + ((rowCount - 1) * keyCountStep);
            _queries = Random(rowCount * 2 * headWidth, seed: 1, queryScale);
            _keys = Random(total * headWidth, seed: 2, 1);
            _values = Random(total * headWidth, seed: 3, 1);
        }

        public void Check<TElement>(KernelPath path)
            where TElement : unmanaged
        {
            float[] actual = Run<TElement>(path, 0, _rowCount);
            for (int row = 0; row < _rowCount; row++)
            {
                double[] expected = Expected<TElement>(row);
                for (int i = 0; i < _headWidth; i++) Assert.Equal(expected[i], actual[(row * _headWidth) + i], 2e-5 * _queryScale);
            }
        }

        public float[] Run<TElement>(KernelPath path, int firstRow, int rowCount, int firstHead = 0, int headCount = 1)
            where TElement : unmanaged
        {
            int keyCount = _keyCount + (firstRow * _keyCountStep);
            int total = keyCount + ((rowCount - 1) * _keyCountStep);
            int width = headCount * _headWidth;
            using var queries = new GuardedBuffer<float>(rowCount * width);
            for (int row = 0; row < rowCount; row++)
                _queries.AsSpan((((firstRow + row) * 2) + firstHead) * _headWidth, width).CopyTo(queries.Span[(row * width)..]);
            using var scratch = new GuardedBuffer<float>((int)Attention.ScratchLength(_headWidth, total, headCount));
            using var output = new GuardedBuffer<float>(8 * width);
            using var pages = new Pages<TElement>(_keys.AsSpan(0, total * _headWidth), _values.AsSpan(0, total * _headWidth), _headWidth);
            var work = new AttentionQueries
            {
                Rows = queries.Pointer,
                HeadCount = headCount,
                Stride = width,
                RowCount = rowCount,
                KeyCount = keyCount,
                KeyCountStep = _keyCountStep,
                Scale = 0.25f,
                Output = output.Pointer,
                OutputLaneStride = 8,
                OutputRowStride = 1,
            };
            Attention.Run<TElement>(work, pages.Keys, scratch.Pointer, path);
            float[] rows = new float[rowCount * width];
            for (int i = 0; i < rows.Length; i++) rows[i] = output.Span[(i % width * 8) + (i / width)];
            return rows;
        }

        private double[] Expected<TElement>(int row)
            where TElement : unmanaged
        {
            double[] weights = new double[_keyCount + (row * _keyCountStep)];
            for (int t = 0; t < weights.Length; t++)
            {
                for (int i = 0; i < _headWidth; i++) weights[t] += 0.25 * _queries[(row * 2 * _headWidth) + i] * Stored<TElement>(_keys[(t * _headWidth) + i]);
            }

            double max = weights.Max();
            for (int t = 0; t < weights.Length; t++) weights[t] = Math.Exp(weights[t] - max);
            double sum = weights.Sum();
            double[] output = new double[_headWidth];
            for (int t = 0; t < weights.Length; t++)
            {
                for (int i = 0; i < _headWidth; i++) output[i] += weights[t] / sum * Stored<TElement>(_values[(t * _headWidth) + i]);
            }

            return output;
        }

        private static float Stored<TElement>(float value) => typeof(TElement) == typeof(float) ? value : (float)(BFloat16)value;

        private static float[] Random(int length, int seed, float scale)
        {
            using GuardedBuffer<float> values = GuardedBuffer<float>.Random(length, seed, scale);
            return values.Span.ToArray();
        }
    }

    /// <summary>Keys and values spread over guarded pages, each no longer than its positions need.</summary>
    private sealed class Pages<TElement> : IDisposable
        where TElement : unmanaged
    {
        private readonly List<GuardedBuffer<TElement>> _pages = [];
        private readonly GuardedBuffer<nint> _table;

        public Pages(ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int headWidth)
        {
            int count = keys.Length / headWidth;
            _table = new GuardedBuffer<nint>((count + PageLength - 1) / PageLength);
            Keys = new AttentionKeys
            {
                Pages = (void**)_table.Pointer,
                PageLength = PageLength,
                KeyOffset = 0,
                ValueOffset = PageLength * headWidth,
                HeadWidth = headWidth,
            };
            for (int t = 0; t < count; t++)
            {
                if (t % PageLength == 0)
                {
                    _pages.Add(new GuardedBuffer<TElement>((PageLength * headWidth) + (Math.Min(PageLength, count - t) * Keys.ValueStride)));
                    _table.Span[t / PageLength] = (nint)_pages[^1].Pointer;
                }

                TElement* lanes = AttentionKeys.KeyLane(_pages[^1].Pointer, t % PageLength, headWidth);
                for (int i = 0; i < headWidth; i++)
                {
                    lanes[i * 16] = Narrow(keys[(t * headWidth) + i]);
                    _pages[^1].Span[(PageLength * headWidth) + (t % PageLength * Keys.ValueStride) + i] = Narrow(values[(t * headWidth) + i]);
                }
            }
        }

        public AttentionKeys Keys { get; }

        public void Dispose()
        {
            foreach (GuardedBuffer<TElement> page in _pages) page.Dispose();
            _table.Dispose();
        }

        private static TElement Narrow(float value) =>
            typeof(TElement) == typeof(float) ? (TElement)(object)value : (TElement)(object)(BFloat16)value;
    }
}
