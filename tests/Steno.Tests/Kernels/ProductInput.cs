using Steno.Kernels;

namespace Steno.Tests.Kernels;

/// <summary>Rows of activations as a product with some matrix reads them.</summary>
internal static unsafe class ProductInput
{
    public static GuardedBuffer<byte> Create(float* rows, int rowCount, PackedMatrix weights, KernelPath path)
    {
        TileShape shape = weights.Shape(rowCount, path);
        int width = weights.ColumnCount;
        long tileBytes = Gemm.TileBytes(weights, rowCount, path);
        var tiles = new GuardedBuffer<byte>(checked((int)(tileBytes * shape.PaddedRowCount / shape.Height)));
        for (int tile = 0; tile < shape.Count; tile++)
        {
            float* source = rows + ((long)shape.FirstRow(tile) * width);
            byte* target = tiles.Pointer + (tile * tileBytes);
            if (weights.Format.IsQuantized()) QuantizedRows.Quantize(source, shape.RowsIn(tile), shape.HeightOf(tile), width, weights.Format, target, path);
            else RowTiles.Pack(source, width, shape.RowsIn(tile), width, shape.HeightOf(tile), (float*)target);
        }

        return tiles;
    }
}
