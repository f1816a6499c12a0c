using System.Runtime.Intrinsics;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>Scaled dot-product attention (Vaswani et al. 2017): softmax(scale * Q * K^T) * V for a tile of queries.</summary>
/// <remarks>
/// A row's result does not depend on the rows beside it: its scores and sums are chains of their own, and where it must not look its weights
/// are zero, which adds nothing.
/// </remarks>
internal static unsafe class Attention
{
    private const int Height = TileKernel.Height;
    private const int PanelWidth = TileKernel.PanelWidth;

    /// <summary>Floats of scratch memory that <see cref="Run"/> needs.</summary>
    public static long ScratchLength(int headWidth, int keyCount, int headCount) =>
        headCount * Height * ((2 * (headWidth + PanelWidth)) + (2 * ((long)keyCount + PanelWidth)));

    /// <summary>Computes a tile of rows on the calling thread.</summary>
    /// <typeparam name="TElement">Number format of keys and values: float or <see cref="BFloat16"/>.</typeparam>
    /// <param name="queries">The rows.</param>
    /// <param name="keys">Keys and values.</param>
    /// <param name="scratch">[<see cref="ScratchLength"/>] for the last row's number of keys.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Run<TElement>(in AttentionQueries queries, in AttentionKeys keys, float* scratch, KernelPath path)
        where TElement : unmanaged
    {
        if (queries.RowCount == 1 && queries.HeadCount is > 1 and <= Height) RunTile<TElement>(queries.HeadsAsRows(keys.HeadWidth), keys, scratch, path);
        else RunTile<TElement>(queries, keys, scratch, path);
    }

    private static void RunTile<TElement>(in AttentionQueries queries, in AttentionKeys keys, float* scratch, KernelPath path)
        where TElement : unmanaged
    {
        int keyCount = queries.KeyCount + ((queries.RowCount - 1) * queries.KeyCountStep);
        int panelCount = (keyCount + PanelWidth - 1) / PanelWidth;
        var memory = new Memory(scratch, queries, keys, panelCount);
        if (memory.Height > 1)
        {
            for (int head = 0; head < queries.HeadCount; head++)
                RowTiles.Pack(queries.Rows + (head * keys.HeadWidth), queries.Stride, queries.RowCount, keys.HeadWidth, memory.Height, memory.Queries(head));
        }

        Score<TElement>(memory, queries.HeadCount, keys, panelCount, path);
        for (int head = 0; head < queries.HeadCount; head++) Weigh(queries, memory, head, panelCount, path);
        Mix<TElement>(memory, queries.HeadCount, keys, keyCount, path);
        Store(queries, memory, keys.HeadWidth);
    }

    // scores[panel, row, 16] = Q * K^T of each head. All heads meet a page of keys before the next one comes from memory.
    private static void Score<TElement>(in Memory memory, int headCount, in AttentionKeys keys, int panelCount, KernelPath path)
        where TElement : unmanaged
    {
        int panelsPerPage = keys.PageLength / PanelWidth;
        long panelStride = (long)keys.HeadWidth * PanelWidth;
        for (int panel = 0; panel < panelCount; panel += panelsPerPage)
        {
            TElement* page = (TElement*)keys.Pages[panel / panelsPerPage] + keys.KeyOffset;
            int count = Math.Min(panelsPerPage, panelCount - panel);
            bool isLast = panel + count == panelCount;
            for (int head = 0; head < headCount; head++)
            {
                // The keys that come next, or the first values, a part for each head.
                if (isLast) AskFor<TElement>(keys, keys.ValueOffset, 0, Math.Min(keys.PageLength, panelCount * PanelWidth), head, headCount);
                else AskFor<TElement>(keys, keys.KeyOffset, (panel / panelsPerPage) + 1, Math.Min(panelsPerPage, panelCount - panel - count) * PanelWidth, head, headCount);
                float* target = memory.Scores(head) + ((long)panel * memory.Height * PanelWidth);
                TileKernel.Multiply(memory.Queries(head), memory.Height, page, panelStride, PanelWidth, keys.HeadWidth, count, target, accumulates: false, path);
            }
        }
    }

    // Scores become weights[position, row] that still lack the division by their sums.
    private static void Weigh(in AttentionQueries queries, in Memory memory, int head, int panelCount, KernelPath path)
    {
        float* scores = memory.Scores(head);
        for (int row = 0; row < queries.RowCount; row++)
        {
            int keyCount = queries.KeyCount + (row * queries.KeyCountStep);
            memory.Totals(head)[row] = Softmax(scores + (row * PanelWidth), memory.Height * PanelWidth, keyCount, panelCount, queries.Scale, path);
        }

        if (memory.Height > 1) Transpose(scores, panelCount, queries.RowCount, memory.Height, memory.Weights(head));
    }

    // sums[panel of lanes, row, 16] = weights * V of each head.
    private static void Mix<TElement>(in Memory memory, int headCount, in AttentionKeys keys, int keyCount, KernelPath path)
        where TElement : unmanaged
    {
        int lanePanels = keys.ValueStride / PanelWidth;
        for (int first = 0; first < keyCount; first += keys.PageLength)
        {
            TElement* page = (TElement*)keys.Pages[first / keys.PageLength] + keys.ValueOffset;
            int count = Math.Min(keys.PageLength, keyCount - first);
            int nextCount = Math.Min(keys.PageLength, keyCount - first - count);
            for (int head = 0; head < headCount; head++)
            {
                if (nextCount > 0) AskFor<TElement>(keys, keys.ValueOffset, (first / keys.PageLength) + 1, nextCount, head, headCount);
                float* tile = memory.Weights(head) + ((long)first * memory.Height);
                TileKernel.Multiply(tile, memory.Height, page, PanelWidth, keys.ValueStride, count, lanePanels, memory.Sums(head), accumulates: first > 0, path);
            }
        }
    }

    // A head's part of a page's keys or values. Both are as wide as a head, up to what fills a last panel.
    private static void AskFor<TElement>(in AttentionKeys keys, long offset, int page, int positionCount, int head, int headCount)
        where TElement : unmanaged
    {
        long bytes = (long)positionCount * keys.HeadWidth * sizeof(TElement) / headCount;
        Prefetcher.Ask((byte*)((TElement*)keys.Pages[page] + offset) + (head * bytes), bytes);
    }

    /// <summary>Turns a row's scores into weights that still lack the division by their sum, which is returned.</summary>
    /// <param name="row">The row's part of the first panel, 16 scores.</param>
    /// <param name="panelStride">Floats from there to the row's part of the next panel.</param>
    /// <param name="keyCount">Positions that the row sees; the weights of all others become zero.</param>
    /// <param name="panelCount">Number of panels.</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="path">Vector registers to use.</param>
    private static float Softmax(float* row, int panelStride, int keyCount, int panelCount, float scale, KernelPath path)
    {
        int lastPanel = (keyCount - 1) / PanelWidth;
        int lastCount = keyCount - (lastPanel * PanelWidth);
        float* last = row + ((long)lastPanel * panelStride);
        new Span<float>(last + lastCount, PanelWidth - lastCount).Fill(float.NegativeInfinity);
        float sum = path switch
        {
            KernelPath.Vector512 => Exponentiate<Lanes512, Vector512<float>>(row, panelStride, lastPanel + 1, scale),
            KernelPath.Vector256 => Exponentiate<Lanes256, Vector256<float>>(row, panelStride, lastPanel + 1, scale),
            KernelPath.Vector128 => Exponentiate<Lanes128, Vector128<float>>(row, panelStride, lastPanel + 1, scale),
            _ => ExponentiateScalar(row, panelStride, lastPanel + 1, scale),
        };
        new Span<float>(last + lastCount, PanelWidth - lastCount).Clear();
        for (int panel = lastPanel + 1; panel < panelCount; panel++) new Span<float>(row + ((long)panel * panelStride), PanelWidth).Clear();
        return sum;
    }

    private static float ExponentiateScalar(float* row, int panelStride, int panelCount, float scale)
    {
        float max = float.NegativeInfinity;
        for (int panel = 0; panel < panelCount; panel++)
        {
            for (int i = 0; i < PanelWidth; i++) max = MathF.Max(max, row[((long)panel * panelStride) + i] * scale);
        }

        float sum = 0;
        for (int panel = 0; panel < panelCount; panel++)
        {
            for (int i = 0; i < PanelWidth; i++)
            {
                float weight = Exponential.Of((row[((long)panel * panelStride) + i] * scale) - max);
                row[((long)panel * panelStride) + i] = weight;
                sum += weight;
            }
        }

        return sum;
    }

    private static float Exponentiate<TLanes, TVector>(float* row, int panelStride, int panelCount, float scale)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector scales = TLanes.Broadcast(scale);
        TVector maxes = TLanes.Broadcast(float.NegativeInfinity);
        for (int panel = 0; panel < panelCount; panel++)
        {
            float* scores = row + ((long)panel * panelStride);
            for (int i = 0; i < PanelWidth; i += TLanes.Count) maxes = TLanes.Max(maxes, TLanes.Multiply(TLanes.Load(scores + i), scales));
        }

        maxes = TLanes.Broadcast(TLanes.HorizontalMax(maxes));
        TVector sums = TLanes.Broadcast(0f);
        for (int panel = 0; panel < panelCount; panel++)
        {
            float* scores = row + ((long)panel * panelStride);
            for (int i = 0; i < PanelWidth; i += TLanes.Count)
            {
                TVector weights = Exponential.Of<TLanes, TVector>(TLanes.Subtract(TLanes.Multiply(TLanes.Load(scores + i), scales), maxes));
                TLanes.Store(weights, scores + i);
                sums = TLanes.Add(sums, weights);
            }
        }

        return TLanes.Sum(sums);
    }

    // [panel, row, 16] to [position, row]
    private static void Transpose(float* scores, int panelCount, int rowCount, int height, float* weights)
    {
        for (int panel = 0; panel < panelCount; panel++)
            RowTiles.Pack(scores + ((long)panel * height * PanelWidth), PanelWidth, rowCount, PanelWidth, height, weights + ((long)panel * height * PanelWidth));
    }

    private static void Store(in AttentionQueries queries, in Memory memory, int headWidth)
    {
        for (int head = 0; head < queries.HeadCount; head++)
        {
            for (int row = 0; row < queries.RowCount; row++)
            {
                float factor = 1 / memory.Totals(head)[row];
                float* output = queries.Output + ((long)head * headWidth * queries.OutputLaneStride) + ((long)row * queries.OutputRowStride);
                for (int lane = 0; lane < headWidth; lane += PanelWidth)
                {
                    float* source = memory.Sums(head) + ((long)lane * memory.Height) + (row * PanelWidth);
                    float* target = output + ((long)lane * queries.OutputLaneStride);
                    int count = Math.Min(PanelWidth, headWidth - lane);
                    if (count == PanelWidth && queries.OutputLaneStride == 1)
                    {
                        (Vector512.Load(source) * factor).Store(target);
                        continue;
                    }

                    for (int i = 0; i < count; i++) target[(long)i * queries.OutputLaneStride] = source[i] * factor;
                }
            }
        }
    }

    /// <summary>The scratch memory, a part for each head. A single row's queries are read where they are, and its weights take the place of its scores.</summary>
    private readonly struct Memory(float* scratch, in AttentionQueries queries, in AttentionKeys keys, int panelCount)
    {
        private readonly float* _scratch = scratch;
        private readonly float* _rows = queries.Rows;
        private readonly int _headWidth = keys.HeadWidth;
        private readonly int _valueStride = keys.ValueStride;
        private readonly long _scoreLength = (long)TileShape.OfPlainRows(queries.RowCount).Height * panelCount * PanelWidth;

        /// <summary>Rows of the tile.</summary>
        public int Height { get; } = TileShape.OfPlainRows(queries.RowCount).Height;

        private long HeadLength => PanelWidth + (Height * (long)(_headWidth + _valueStride)) + (2 * _scoreLength);

        public float* Queries(int head) => Height == 1 ? _rows + (head * _headWidth) : Part(head) + PanelWidth;

        /// <summary>Sums of the rows' weights.</summary>
        public float* Totals(int head) => Part(head);

        public float* Sums(int head) => Part(head) + PanelWidth + (Height * _headWidth);

        public float* Scores(int head) => Sums(head) + (Height * _valueStride);

        public float* Weights(int head) => Height == 1 ? Scores(head) : Scores(head) + _scoreLength;

        private float* Part(int head) => _scratch + (head * HeadLength);
    }
}
