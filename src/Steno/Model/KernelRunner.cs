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
    /// <param name="operands">The rows, in tiles of <see cref="PackedMatrix.InputShape"/>; and where the outputs go.</param>
    /// <param name="weights">W.</param>
    /// <param name="buffers">Memory to work in.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void Multiply(in GemmOperands operands, PackedMatrix weights, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        InputTap?.OnInput(weights, (float*)operands.Input, operands.RowCount);
        GemmOperands prepared = operands with { Input = Prepare((float*)operands.Input, operands.RowCount, weights, buffers, cancellationToken) };
        var cut = ProductCut.Of(weights, weights.Shape(operands.RowCount, Path));
        Pool.Run(new GemmWork(prepared, weights, cut, Path), cut.ItemCount, cancellationToken);
    }

    /// <summary>Applies <see cref="Kernels.LayerNorm"/> to rows; the results are in the layout that the product with <paramref name="next"/> reads.</summary>
    public void LayerNorm(float* input, float* weight, float* bias, float* tiles, int rowCount, PackedMatrix next, float epsilon, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        TileWriter writer = Tiles(rowCount, next, tiles, buffers);
        Pool.Run(new LayerNormWork(input, weight, bias, epsilon, writer, Path), writer.ItemCount, cancellationToken);
    }

    /// <summary>Applies <see cref="Kernels.RmsNorm"/> to rows; the results are in the layout that the product with <paramref name="next"/> reads.</summary>
    public void RmsNorm(float* input, float* weight, float* tiles, int rowCount, PackedMatrix next, float epsilon, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        TileWriter writer = Tiles(rowCount, next, tiles, buffers);
        Pool.Run(new RmsNormWork(input, weight, epsilon, writer, Path), writer.ItemCount, cancellationToken);
    }

    /// <summary>Brings rows into the layout that the product with <paramref name="next"/> reads.</summary>
    /// <returns>The rows themselves, where that is their layout; else <paramref name="tiles"/>.</returns>
    public float* Pack(float* rows, float* tiles, int rowCount, PackedMatrix next, CancellationToken cancellationToken)
    {
        TileShape shape = next.InputShape(rowCount);
        if (shape.Height == 1) return rows;
        Pool.Run(new PackWork(rows, tiles, shape, next.ColumnCount), shape.Count, cancellationToken);
        return tiles;
    }

    /// <summary>Makes the greedy choice of each row under an output head.</summary>
    /// <param name="input">The rows, in tiles of <see cref="PackedMatrix.InputShape"/>.</param>
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
        var cut = ProductCut.Of(head, head.Shape(choices.Length, Path));
        Pool.Run(new GreedyHeadWork(tiles, choices.Length, head, cut, maxima, sums, Path), cut.ItemCount, cancellationToken);
        fixed (GreedyChoice* target = choices)
            Pool.Run(new GreedyChoiceWork(tiles, choices.Length, head, maxima, sums, target, Path), choices.Length, cancellationToken);
    }

    // Few rows are quantised here: handing them to other threads would take longer.
    private void* Prepare(float* input, int rowCount, PackedMatrix weights, ActivationBuffers buffers, CancellationToken cancellationToken)
    {
        const int FewRows = 2;
        if (!weights.Format.IsQuantized()) return input;
        long tileBytes = Gemm.TileBytes(weights, rowCount, Path);
        TileShape shape = weights.Shape(rowCount, Path);
        byte* tiles = (byte*)buffers.Get(ActivationSlot.QuantizedRows, shape.Count * tileBytes / sizeof(float));
        var work = new QuantizeWork(input, shape, weights, tileBytes, tiles, Path);
        if (rowCount > FewRows)
        {
            Pool.Run(work, shape.PaddedRowCount, cancellationToken);
            return tiles;
        }

        for (int row = 0; row < rowCount; row++) work.Run(row, worker: 0);
        return tiles;
    }

    private TileWriter Tiles(int rowCount, PackedMatrix next, float* tiles, ActivationBuffers buffers) =>
        new(next.InputShape(rowCount), next.ColumnCount, tiles, buffers.Get(ActivationSlot.RowScratch, (long)Pool.ThreadCount * TileKernel.Height * next.ColumnCount));

    private readonly struct QuantizeWork(float* rows, TileShape shape, PackedMatrix weights, long tileBytes, byte* tiles, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            int tile = item / shape.Height;
            float* values = item < shape.RowCount ? rows + ((long)item * weights.ColumnCount) : null;
            QuantizedRows.QuantizeRow(values, item - shape.FirstRow(tile), shape.HeightOf(tile), weights.ColumnCount, weights.Format, tiles + (tile * tileBytes), path);
        }
    }

    private readonly struct GemmWork(GemmOperands operands, PackedMatrix weights, ProductCut cut, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            (int firstTile, int tileCount) = cut.Tiles(item);
            (int firstPanel, int panelCount) = cut.Panels(item);
            Gemm.Run(operands, weights, firstTile, tileCount, firstPanel, panelCount, path);
        }
    }

    private readonly struct GreedyHeadWork(byte* tiles, int rowCount, PackedMatrix head, ProductCut cut, float* maxima, float* sums, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            (int firstTile, int tileCount) = cut.Tiles(item);
            (int firstPanel, int panelCount) = cut.Panels(item);
            GreedyHead.Run(tiles, rowCount, head, firstTile, tileCount, firstPanel, panelCount, maxima, sums, path);
        }
    }

    private readonly struct GreedyChoiceWork(byte* tiles, int rowCount, PackedMatrix head, float* maxima, float* sums, GreedyChoice* choices, KernelPath path) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            long first = (long)item * head.PanelCount;
            choices[item] = GreedyHead.Choose(tiles, rowCount, item, head, maxima + first, sums + first, path);
        }
    }

    /// <summary>Rows that an item computes before they become a tile; or in their place, where they are wanted as rows.</summary>
    private readonly struct TileWriter(TileShape shape, int width, float* tiles, float* scratch)
    {
        // Where rows are wanted as they are, an item computes as many all the same.
        private readonly TileShape _items = TileShape.OfPlainRows(shape.RowCount);

        public int Width => width;

        public int ItemCount => _items.Count;

        public int FirstRow(int item) => _items.FirstRow(item);

        public int RowCount(int item) => _items.RowsIn(item);

        public float* Rows(int item, int worker) => shape.Height == 1 ? tiles + ((long)FirstRow(item) * width) : scratch + ((long)worker * TileKernel.Height * width);

        public void Finish(int item, int worker)
        {
            if (shape.Height > 1) RowTiles.Pack(Rows(item, worker), width, RowCount(item), width, shape.HeightOf(item), RowTiles.Row(tiles, FirstRow(item), width, shape));
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

    private readonly struct PackWork(float* rows, float* tiles, TileShape shape, int width) : IParallelWork
    {
        public void Run(int item, int worker)
        {
            long start = (long)shape.FirstRow(item) * width;
            RowTiles.Pack(rows + start, width, shape.RowsIn(item), width, shape.HeightOf(item), tiles + start);
        }
    }
}
