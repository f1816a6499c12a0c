using Steno.Kernels;
using Steno.Threading;

namespace Steno.Model;

/// <summary>Cuts the work of a kernel into items and runs them on the worker pool.</summary>
/// <remarks>The cut depends on shapes only, and each output is computed by one item, so results do not depend on the number of threads.</remarks>
internal sealed unsafe class KernelRunner(WorkerPool pool, KernelPath path)
{
    // Rows of an item of row-wise work: some tens of microseconds.
    private const int RowsPerItem = 8;

    public WorkerPool Pool { get; } = pool;

    public KernelPath Path { get; } = path;

    /// <summary>C = A * W^T + bias for all rows and outputs.</summary>
    public void Multiply(in GemmOperands operands, PackedMatrix weights, CancellationToken cancellationToken)
    {
        var work = new GemmWork(operands, weights, Path);
        Pool.Run(work, work.ItemCount, cancellationToken);
    }

    /// <summary>Applies <see cref="Kernels.LayerNorm"/> to each row.</summary>
    public void LayerNorm(float* input, float* weight, float* bias, float* output, int rowCount, int width, float epsilon, CancellationToken cancellationToken) =>
        Pool.Run(new LayerNormWork(input, weight, bias, output, rowCount, width, epsilon, Path), ItemCount(rowCount), cancellationToken);

    /// <summary>Applies <see cref="Kernels.RmsNorm"/> to each row.</summary>
    public void RmsNorm(float* input, float* weight, float* output, int rowCount, int width, float epsilon, CancellationToken cancellationToken) =>
        Pool.Run(new RmsNormWork(input, weight, output, rowCount, width, epsilon, Path), ItemCount(rowCount), cancellationToken);

    /// <summary>Applies <see cref="Kernels.SwiGlu"/> to rows [gate, up] of 2 * width; the result takes the place of gate.</summary>
    public void SwiGlu(float* gateUp, int rowCount, int width, CancellationToken cancellationToken) =>
        Pool.Run(new SwiGluWork(gateUp, rowCount, width, Path), ItemCount(rowCount), cancellationToken);

    private static int ItemCount(int rowCount) => (rowCount + RowsPerItem - 1) / RowsPerItem;

    private readonly struct GemmWork(GemmOperands operands, PackedMatrix weights, KernelPath path) : IParallelWork
    {
        // 64 outputs of 64 rows: at K = 1024 the four panels take 256 KB of F32, which stays in a core's L2 while the rows pass by.
        private const int RowsPerTile = 64;
        private const int PanelsPerTile = 4;

        private int PanelTileCount => (weights.PanelCount + PanelsPerTile - 1) / PanelsPerTile;

        public int ItemCount => PanelTileCount * ((operands.RowCount + RowsPerTile - 1) / RowsPerTile);

        public void Run(int item, int worker)
        {
            int firstPanel = item % PanelTileCount * PanelsPerTile;
            int firstRow = item / PanelTileCount * RowsPerTile;
            GemmOperands tile = operands.Rows(firstRow, Math.Min(RowsPerTile, operands.RowCount - firstRow));
            Gemm.Run(tile, weights, firstPanel, Math.Min(PanelsPerTile, weights.PanelCount - firstPanel), path);
        }
    }

    private readonly struct LayerNormWork(float* input, float* weight, float* bias, float* output, int rowCount, int width, float epsilon, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            int end = Math.Min(rowCount, (item + 1) * RowsPerItem);
            for (int row = item * RowsPerItem; row < end; row++)
                Kernels.LayerNorm.Apply(input + ((long)row * width), weight, bias, output + ((long)row * width), width, epsilon, path);
        }
    }

    private readonly struct RmsNormWork(float* input, float* weight, float* output, int rowCount, int width, float epsilon, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            int end = Math.Min(rowCount, (item + 1) * RowsPerItem);
            for (int row = item * RowsPerItem; row < end; row++)
                Kernels.RmsNorm.Apply(input + ((long)row * width), weight, output + ((long)row * width), width, epsilon, path);
        }
    }

    private readonly struct SwiGluWork(float* gateUp, int rowCount, int width, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            int end = Math.Min(rowCount, (item + 1) * RowsPerItem);
            for (int row = item * RowsPerItem; row < end; row++)
            {
                float* gate = gateUp + ((long)row * 2 * width);
                Kernels.SwiGlu.Apply(gate, gate + width, gate, width, path);
            }
        }
    }
}
