using Steno.Kernels;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Cuts the work of a kernel into items and runs them on the worker pool.</summary>
/// <remarks>The cut depends on shapes only, and each output is computed by one item, so results do not depend on the number of threads.</remarks>
internal sealed unsafe class KernelRunner(WorkerPool pool, KernelPath path)
{
    public WorkerPool Pool { get; } = pool;

    public KernelPath Path { get; } = path;

    /// <summary>C = A * W^T + bias for all rows and outputs.</summary>
    public void Multiply(in GemmOperands operands, PackedMatrix weights, CancellationToken cancellationToken)
    {
        var work = new GemmWork(operands, weights, Path);
        Pool.Run(work, work.ItemCount, cancellationToken);
    }

    /// <summary>Applies <see cref="Kernels.LayerNorm"/> to rows; the results are tiles of <see cref="RowTiles"/>.</summary>
    public void LayerNorm(float* input, float* weight, float* bias, float* tiles, int rowCount, int width, float epsilon, ActivationBuffers buffers, CancellationToken cancellationToken) =>
        Pool.Run(new LayerNormWork(input, weight, bias, epsilon, Tiles(rowCount, width, tiles, buffers), Path), RowTiles.Count(rowCount), cancellationToken);

    /// <summary>Applies <see cref="Kernels.RmsNorm"/> to rows; the results are tiles of <see cref="RowTiles"/>.</summary>
    public void RmsNorm(float* input, float* weight, float* tiles, int rowCount, int width, float epsilon, ActivationBuffers buffers, CancellationToken cancellationToken) =>
        Pool.Run(new RmsNormWork(input, weight, epsilon, Tiles(rowCount, width, tiles, buffers), Path), RowTiles.Count(rowCount), cancellationToken);

    /// <summary>Brings rows into tiles of <see cref="RowTiles"/>.</summary>
    public void Pack(float* rows, float* tiles, int rowCount, int width, CancellationToken cancellationToken) =>
        Pool.Run(new PackWork(rows, tiles, rowCount, width), RowTiles.Count(rowCount), cancellationToken);

    /// <summary>Makes the greedy choice of each row under an output head.</summary>
    /// <param name="tiles">Rows in the layout of <see cref="RowTiles"/>.</param>
    /// <param name="head">The head [V, D].</param>
    /// <param name="choices">One for each row.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Choose(float* tiles, PackedMatrix head, Span<GreedyChoice> choices, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        long length = (long)choices.Length * head.PanelCount;
        float* maxima = buffers.Get(ActivationSlot.PanelMaxima, 2 * length);
        float* sums = maxima + length;
        var work = new GreedyHeadWork(tiles, choices.Length, head, maxima, sums, Path);
        Pool.Run(work, work.ItemCount, cancellationToken);
        for (int row = 0; row < choices.Length; row++)
            choices[row] = GreedyHead.Choose(tiles, choices.Length, row, head, maxima + ((long)row * head.PanelCount), sums + ((long)row * head.PanelCount), Path);
    }

    private TileWriter Tiles(int rowCount, int width, float* tiles, ActivationBuffers buffers) =>
        new(rowCount, width, tiles, buffers.Get(ActivationSlot.RowScratch, (long)Pool.ThreadCount * TileKernel.Height * width));

    private readonly struct GemmWork(GemmOperands operands, PackedMatrix weights, KernelPath path) : IParallelWork
    {
        // Up to 192 rows pass over a group of panels before the next group is read from memory. Fewer, but at least 32, where there would
        // else be too few items to keep the threads at work to the end.
        private const int MaxTilesPerItem = 24;
        private const int MinTilesPerItem = 4;
        private const int MinItemCount = 24;

        private int PanelsPerItem => Gemm.GroupSize(operands.RowCount);

        private int PanelItemCount => (weights.PanelCount + PanelsPerItem - 1) / PanelsPerItem;

        private int TileItemCount
        {
            get
            {
                int tileCount = RowTiles.Count(operands.RowCount);
                int forMemory = (tileCount + MaxTilesPerItem - 1) / MaxTilesPerItem;
                int forBalance = Math.Min((MinItemCount + PanelItemCount - 1) / PanelItemCount, tileCount / MinTilesPerItem);
                return Math.Max(forMemory, forBalance);
            }
        }

        public int ItemCount => PanelItemCount * TileItemCount;

        public void Run(int item, int worker)
        {
            int tileCount = RowTiles.Count(operands.RowCount);
            int tileItemCount = TileItemCount;
            int firstTile = (int)((long)(item / PanelItemCount) * tileCount / tileItemCount);
            int endTile = (int)((long)((item / PanelItemCount) + 1) * tileCount / tileItemCount);
            int firstPanel = item % PanelItemCount * PanelsPerItem;
            Gemm.Run(operands, weights, firstTile, endTile - firstTile, firstPanel, Math.Min(PanelsPerItem, weights.PanelCount - firstPanel), path);
        }
    }

    private readonly struct GreedyHeadWork(float* tiles, int rowCount, PackedMatrix head, float* maxima, float* sums, KernelPath path) : IParallelWork
    {
        private int PanelsPerItem => Gemm.GroupSize(rowCount);

        public int ItemCount => (head.PanelCount + PanelsPerItem - 1) / PanelsPerItem;

        public void Run(int item, int worker)
        {
            int firstPanel = item * PanelsPerItem;
            GreedyHead.Run(tiles, rowCount, head, firstPanel, Math.Min(PanelsPerItem, head.PanelCount - firstPanel), maxima, sums, path);
        }
    }

    /// <summary>Rows that an item computes before they become a tile; a single row is computed in its place.</summary>
    private readonly struct TileWriter(int rowCount, int width, float* tiles, float* scratch)
    {
        public int Width => width;

        public int FirstRow(int tile) => tile * RowTiles.Height(rowCount);

        public int RowCount(int tile) => Math.Min(RowTiles.Height(rowCount), rowCount - FirstRow(tile));

        public float* Rows(int worker) => rowCount == 1 ? tiles : scratch + ((long)worker * TileKernel.Height * width);

        public void Finish(int tile, int worker)
        {
            if (rowCount > 1) RowTiles.Pack(Rows(worker), width, RowCount(tile), width, tiles + ((long)tile * TileKernel.Height * width));
        }
    }

    private readonly struct LayerNormWork(float* input, float* weight, float* bias, float epsilon, TileWriter writer, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            float* source = input + ((long)writer.FirstRow(item) * writer.Width);
            float* target = writer.Rows(worker);
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
            float* target = writer.Rows(worker);
            for (int row = 0; row < writer.RowCount(item); row++, source += writer.Width, target += writer.Width)
                Kernels.RmsNorm.Apply(source, weight, target, writer.Width, epsilon, path);
            writer.Finish(item, worker);
        }
    }

    private readonly struct PackWork(float* rows, float* tiles, int rowCount, int width) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            int height = RowTiles.Height(rowCount);
            float* source = rows + ((long)item * height * width);
            float* target = tiles + ((long)item * height * width);
            if (height == 1) new ReadOnlySpan<float>(source, width).CopyTo(new Span<float>(target, width));
            else RowTiles.Pack(source, width, Math.Min(height, rowCount - (item * height)), width, target);
        }
    }
}
