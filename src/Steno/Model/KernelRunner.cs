using Steno.Kernels;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Cuts the work of a kernel into items and runs them on the worker pool.</summary>
/// <remarks>Each output is computed by one item, in one order, whatever the cut: so results do not depend on the number of threads.</remarks>
internal sealed unsafe class KernelRunner(WorkerPool pool, KernelPath path)
{
    public WorkerPool Pool { get; } = pool;

    public KernelPath Path { get; } = path;

    /// <summary>Sees the input of every product; null for none.</summary>
    public ILinearTap? InputTap { get; init; }

    /// <summary>C = A * W^T + bias for all rows and outputs.</summary>
    /// <param name="operands">The rows, in tiles of <see cref="PackedMatrix.InputHeight"/>; and where the outputs go.</param>
    /// <param name="weights">W.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Multiply(in GemmOperands operands, PackedMatrix weights, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        InputTap?.OnInput(weights, (float*)operands.Input, operands.RowCount);
        GemmOperands prepared = operands with { Input = Prepare((float*)operands.Input, operands.RowCount, weights, buffers, cancellationToken) };
        var work = new GemmWork(prepared, weights, Pool.ThreadCount, Path);
        Pool.Run(work, work.ItemCount, cancellationToken);
    }

    /// <summary>Applies <see cref="Kernels.LayerNorm"/> to rows; the results are in the layout that the product with <paramref name="next"/> reads.</summary>
    public void LayerNorm(float* input, float* weight, float* bias, float* tiles, int rowCount, PackedMatrix next, float epsilon, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        TileWriter writer = Tiles(rowCount, next, tiles, buffers);
        Pool.Run(new LayerNormWork(input, weight, bias, epsilon, writer, Path), writer.TileCount, cancellationToken);
    }

    /// <summary>Applies <see cref="Kernels.RmsNorm"/> to rows; the results are in the layout that the product with <paramref name="next"/> reads.</summary>
    public void RmsNorm(float* input, float* weight, float* tiles, int rowCount, PackedMatrix next, float epsilon, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        TileWriter writer = Tiles(rowCount, next, tiles, buffers);
        Pool.Run(new RmsNormWork(input, weight, epsilon, writer, Path), writer.TileCount, cancellationToken);
    }

    /// <summary>Brings rows into the layout that the product with <paramref name="next"/> reads.</summary>
    /// <returns>The rows themselves, where that is their layout; else <paramref name="tiles"/>.</returns>
    public float* Pack(float* rows, float* tiles, int rowCount, PackedMatrix next, CancellationToken cancellationToken)
    {
        if (next.InputHeight(rowCount) == 1) return rows;
        Pool.Run(new PackWork(rows, tiles, rowCount, next.ColumnCount), RowTiles.Count(rowCount), cancellationToken);
        return tiles;
    }

    /// <summary>Makes the greedy choice of each row under an output head.</summary>
    /// <param name="input">The rows, in tiles of <see cref="PackedMatrix.InputHeight"/>.</param>
    /// <param name="head">The head [V, D].</param>
    /// <param name="choices">One for each row.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Choose(float* input, PackedMatrix head, Span<GreedyChoice> choices, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        byte* tiles = (byte*)Prepare(input, choices.Length, head, buffers, cancellationToken);
        long length = (long)choices.Length * head.PanelCount;
        float* maxima = buffers.Get(ActivationSlot.PanelMaxima, 2 * length);
        float* sums = maxima + length;
        var work = new GreedyHeadWork(tiles, choices.Length, head, maxima, sums, Pool.ThreadCount, Path);
        Pool.Run(work, work.ItemCount, cancellationToken);
        for (int row = 0; row < choices.Length; row++)
            choices[row] = GreedyHead.Choose(tiles, choices.Length, row, head, maxima + ((long)row * head.PanelCount), sums + ((long)row * head.PanelCount), Path);
    }

    // A single row is quantised here: handing it to another thread would take longer.
    private void* Prepare(float* input, int rowCount, PackedMatrix weights, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        if (!weights.Format.IsQuantized()) return input;
        long tileBytes = Gemm.TileBytes(weights, rowCount, Path);
        int tileCount = weights.TileCount(rowCount);
        byte* tiles = (byte*)buffers.Get(ActivationSlot.QuantizedRows, tileCount * tileBytes / sizeof(float));
        var work = new QuantizeWork(input, rowCount, weights, tileBytes, tiles, Path);
        if (tileCount == 1) work.Run(0, 0);
        else Pool.Run(work, tileCount, cancellationToken);
        return tiles;
    }

    // A single row is bound by reading the weights, which is fastest in long runs of memory: as many panels to an item as leave each thread some items, so
    // that none waits long for the last. The cut depends on the number of threads, the outputs do not: a panel's outputs are its own.
    private static int PanelsPerRowItem(PackedMatrix weights, int threadCount)
    {
        const int ItemsPerThread = 4;
        const int MaxItemBytes = 1 << 19;
        long maxPanels = Math.Max(1, MaxItemBytes / (weights.ByteCount / weights.PanelCount));
        int evenPanels = weights.PanelCount / (ItemsPerThread * threadCount) & ~1;
        return (int)Math.Clamp(evenPanels, 2, Math.Max(2, maxPanels & ~1));
    }

    private TileWriter Tiles(int rowCount, PackedMatrix next, float* tiles, ActivationBuffers buffers) =>
        new(rowCount, next.ColumnCount, next.InputHeight(rowCount), tiles, buffers.Get(ActivationSlot.RowScratch, (long)Pool.ThreadCount * TileKernel.Height * next.ColumnCount));

    private readonly struct QuantizeWork(float* rows, int rowCount, PackedMatrix weights, long tileBytes, byte* tiles, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            int height = weights.TileHeight(rowCount);
            int first = item * height;
            QuantizedRows.Quantize(rows + ((long)first * weights.ColumnCount), Math.Min(height, rowCount - first), height, weights.ColumnCount, weights.Format, tiles + (item * tileBytes), path);
        }
    }

    private readonly struct GemmWork(GemmOperands operands, PackedMatrix weights, int threadCount, KernelPath path) : IParallelWork
    {
        // Up to 192 rows pass over a group of panels before the next group is read from memory. Fewer, but at least 32, where there would
        // else be too few items to keep the threads at work to the end.
        private const int MaxTilesPerItem = 24;
        private const int MinTilesPerItem = 4;
        private const int MinItemCount = 24;

        private int PanelsPerItem => operands.RowCount == 1 ? PanelsPerRowItem(weights, threadCount) : Gemm.GroupSize(operands.RowCount);

        private int PanelItemCount => (weights.PanelCount + PanelsPerItem - 1) / PanelsPerItem;

        private int TileItemCount
        {
            get
            {
                int tileCount = weights.TileCount(operands.RowCount);
                int forMemory = (tileCount + MaxTilesPerItem - 1) / MaxTilesPerItem;
                int forBalance = Math.Min((MinItemCount + PanelItemCount - 1) / PanelItemCount, tileCount / MinTilesPerItem);
                return Math.Max(forMemory, forBalance);
            }
        }

        public int ItemCount => PanelItemCount * TileItemCount;

        public void Run(int item, int worker)
        {
            int tileCount = weights.TileCount(operands.RowCount);
            int tileItemCount = TileItemCount;
            int firstTile = (int)((long)(item / PanelItemCount) * tileCount / tileItemCount);
            int endTile = (int)((long)((item / PanelItemCount) + 1) * tileCount / tileItemCount);
            int firstPanel = item % PanelItemCount * PanelsPerItem;
            Gemm.Run(operands, weights, firstTile, endTile - firstTile, firstPanel, Math.Min(PanelsPerItem, weights.PanelCount - firstPanel), path);
        }
    }

    private readonly struct GreedyHeadWork(byte* tiles, int rowCount, PackedMatrix head, float* maxima, float* sums, int threadCount, KernelPath path) : IParallelWork
    {
        private int PanelsPerItem => rowCount == 1 ? PanelsPerRowItem(head, threadCount) : GroupSize;

        private int GroupSize => Gemm.GroupSize(rowCount);

        public int ItemCount => (head.PanelCount + PanelsPerItem - 1) / PanelsPerItem;

        public void Run(int item, int worker)
        {
            int firstPanel = item * PanelsPerItem;
            int endPanel = Math.Min(firstPanel + PanelsPerItem, head.PanelCount);
            for (int panel = firstPanel; panel < endPanel; panel += GroupSize)
                GreedyHead.Run(tiles, rowCount, head, panel, Math.Min(GroupSize, endPanel - panel), maxima, sums, path);
        }
    }

    /// <summary>Rows that an item computes before they become a tile; or in their place, where they are wanted as rows.</summary>
    private readonly struct TileWriter(int rowCount, int width, int height, float* tiles, float* scratch)
    {
        // Where rows are wanted as they are, an item computes as many all the same.
        private int RowsPerItem => RowTiles.Height(rowCount);

        public int Width => width;

        public int TileCount => RowTiles.Count(rowCount);

        public int FirstRow(int tile) => tile * RowsPerItem;

        public int RowCount(int tile) => Math.Min(RowsPerItem, rowCount - FirstRow(tile));

        public float* Rows(int tile, int worker) => height == 1 ? tiles + ((long)FirstRow(tile) * width) : scratch + ((long)worker * TileKernel.Height * width);

        public void Finish(int tile, int worker)
        {
            if (height > 1) RowTiles.Pack(Rows(tile, worker), width, RowCount(tile), width, RowTiles.Row(tiles, FirstRow(tile), width, height));
        }
    }

    private readonly struct LayerNormWork(float* input, float* weight, float* bias, float epsilon, TileWriter writer, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            float* source = input + ((long)writer.FirstRow(item) * writer.Width);
            float* target = writer.Rows(item, worker);
            for (int row = 0; row < writer.RowCount(item); row++, source += writer.Width, target += writer.Width)
                Kernels.LayerNorm.Apply(source, weight, bias, target, writer.Width, epsilon, path);
            writer.Finish(item, worker);
        }
    }

    private readonly struct RmsNormWork(float* input, float* weight, float epsilon, TileWriter writer, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            float* source = input + ((long)writer.FirstRow(item) * writer.Width);
            float* target = writer.Rows(item, worker);
            for (int row = 0; row < writer.RowCount(item); row++, source += writer.Width, target += writer.Width)
                Kernels.RmsNorm.Apply(source, weight, target, writer.Width, epsilon, path);
            writer.Finish(item, worker);
        }
    }

    private readonly struct PackWork(float* rows, float* tiles, int rowCount, int width) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            const int Height = TileKernel.Height;
            long start = (long)item * Height * width;
            RowTiles.Pack(rows + start, width, Math.Min(Height, rowCount - (item * Height)), width, tiles + start);
        }
    }
}
