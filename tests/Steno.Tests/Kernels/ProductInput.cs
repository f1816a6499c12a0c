using Steno.Kernels;

namespace Steno.Tests.Kernels;

/// <summary>Rows of activations as a product with some matrix reads them.</summary>
internal static unsafe class ProductInput
{
    public static GuardedBuffer<byte> Create(float* rows, int rowCount, PackedMatrix weights, KernelPath path)
    {
        int height = weights.TileHeight(rowCount);
        int width = weights.ColumnCount;
        long tileBytes = Gemm.TileBytes(weights, rowCount, path);
        var tiles = new GuardedBuffer<byte>((int)(weights.TileCount(rowCount) * tileBytes));
        for (int tile = 0; tile < weights.TileCount(rowCount); tile++)
        {
            float* source = rows + ((long)tile * height * width);
            int count = Math.Min(height, rowCount - (tile * height));
            byte* target = tiles.Pointer + (tile * tileBytes);
            if (weights.Format.IsQuantized()) QuantizedRows.Quantize(source, count, height, width, weights.Format, target, path);
            else if (height == 1) new Span<float>(source, width).CopyTo(new Span<float>((float*)target, width));
            else RowTiles.Pack(source, width, count, width, (float*)target);
        }

        return tiles;
    }
}
