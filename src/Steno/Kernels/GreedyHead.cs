using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>The output head with the greedy choice fused in: of each panel of 16 logits only the largest and a sum leave the registers.</summary>
/// <remarks>
/// First <see cref="Run"/>, by any number of threads, notes for each row and panel the largest logit m and the sum of exp(logit - m). Then
/// <see cref="Choose"/> finds the panel with the largest, computes it once more to see which of its logits that is, and adds up the sums as
/// sum * exp(m - largest). Panels are added in their order, so the probability does not depend on who computed them.
/// </remarks>
internal static unsafe class GreedyHead
{
    private const int PanelWidth = TileKernel.PanelWidth;

    /// <summary>Computes some panels for some tiles of rows on the calling thread.</summary>
    /// <param name="tiles">Rows in tiles, as <see cref="GemmPass"/> reads them.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="weights">The head [V, D].</param>
    /// <param name="firstTile">First tile.</param>
    /// <param name="tileCount">Number of tiles.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="panelCount">Number of panels.</param>
    /// <param name="maxima">[rows, panels of the head]: receives the largest logits.</param>
    /// <param name="sums">[rows, panels of the head]: receives the sums.</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Run(byte* tiles, int rowCount, PackedMatrix weights, int firstTile, int tileCount, int firstPanel, int panelCount, float* maxima, float* sums, KernelPath path)
    {
        var pass = new GemmPass(tiles, weights, weights.Shape(rowCount, path), path);
        float* logits = stackalloc float[pass.SumCount];
        for (int panel = firstPanel; panel < firstPanel + panelCount; panel += pass.PanelCount)
        {
            int count = Math.Min(pass.PanelCount, firstPanel + panelCount - panel);
            for (int tile = firstTile; tile < firstTile + tileCount; tile += pass.TilesAtOnce)
            {
                int tilesAtOnce = Math.Min(pass.TilesAtOnce, firstTile + tileCount - tile);
                pass.Multiply(tile, tilesAtOnce, panel, count, logits);
                for (int t = 0; t < tilesAtOnce; t++) Note(logits + pass.SumsOf(t), pass.Shape, tile + t, weights, panel, count, maxima, sums, path);
            }
        }
    }

    /// <summary>Makes a row's choice from what <see cref="Run"/> noted for all panels.</summary>
    /// <param name="tiles">Rows in tiles, as <see cref="GemmPass"/> reads them.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="row">The row.</param>
    /// <param name="weights">The head [V, D].</param>
    /// <param name="maxima">[panels]: the row's part.</param>
    /// <param name="sums">[panels]: the row's part; its content is lost.</param>
    /// <param name="path">Vector registers to use.</param>
    public static GreedyChoice Choose(byte* tiles, int rowCount, int row, PackedMatrix weights, float* maxima, float* sums, KernelPath path)
    {
        int best = 0;
        for (int panel = 1; panel < weights.PanelCount; panel++)
        {
            if (maxima[panel] > maxima[best]) best = panel;
        }

        double sum = 0;
        for (int panel = 0; panel < weights.PanelCount; panel++)
        {
            // A panel this far below adds less than the last bit of the sum, whatever it holds: but NaN must pass.
            float distance = maxima[panel] - maxima[best];
            if (!(distance < -50)) sum += sums[panel] * (double)MathF.Exp(distance);
        }

        TileShape shape = weights.Shape(rowCount, path);
        float* logits = stackalloc float[TileKernel.Height * PanelWidth];
        new GemmPass(tiles, weights, shape, path).Multiply(row / shape.Height, tileCount: 1, best, panelCount: 1, logits);
        logits += row % shape.Height * PanelWidth;
        int lane = 0;
        while (lane < PanelWidth - 1 && logits[lane] != maxima[best]) lane++;
        return new GreedyChoice((best * PanelWidth) + lane, 1 / sum);
    }

    private static void Note(float* logits, TileShape shape, int tile, PackedMatrix weights, int firstPanel, int panelCount, float* maxima, float* sums, KernelPath path)
    {
        int height = shape.HeightOf(tile);
        for (int panel = 0; panel < panelCount; panel++)
        {
            for (int row = 0; row < shape.RowsIn(tile); row++)
            {
                long target = ((long)(shape.FirstRow(tile) + row) * weights.PanelCount) + firstPanel + panel;
                float* values = logits + (((panel * height) + row) * PanelWidth);
                Mask(values, weights, firstPanel + panel);
                (maxima[target], sums[target]) = Reduce(values, path);
            }
        }
    }

    // The last panel is filled up with rows of zeros, which are no tokens.
    private static void Mask(float* values, PackedMatrix weights, int panel)
    {
        int count = weights.RowCount - (panel * PanelWidth);
        if (count < PanelWidth) new Span<float>(values + count, PanelWidth - count).Fill(float.NegativeInfinity);
    }

    private static (float Max, float Sum) Reduce(float* values, KernelPath path) => path switch
    {
        KernelPath.Vector512 => Reduce<Lanes512, Vector512<float>>(values),
        KernelPath.Vector256 => Reduce<Lanes256, Vector256<float>>(values),
        KernelPath.Vector128 => Reduce<Lanes128, Vector128<float>>(values),
        _ => ReduceScalar(values),
    };

    private static (float Max, float Sum) ReduceScalar(float* values)
    {
        float max = values[0];
        for (int i = 1; i < PanelWidth; i++) max = MathF.Max(max, values[i]);
        float sum = 0;
        for (int i = 0; i < PanelWidth; i++) sum += MathF.Exp(values[i] - max);
        return (max, sum);
    }

    private static (float Max, float Sum) Reduce<TLanes, TVector>(float* values)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector maxes = TLanes.Load(values);
        for (int i = TLanes.Count; i < PanelWidth; i += TLanes.Count) maxes = TLanes.Max(maxes, TLanes.Load(values + i));
        float max = TLanes.HorizontalMax(maxes);
        maxes = TLanes.Broadcast(max);
        TVector sums = TLanes.Broadcast(0f);
        for (int i = 0; i < PanelWidth; i += TLanes.Count)
            sums = TLanes.Add(sums, Exponential.Of<TLanes, TVector>(TLanes.Subtract(TLanes.Load(values + i), maxes)));
        return (max, TLanes.Sum(sums));
    }
}
