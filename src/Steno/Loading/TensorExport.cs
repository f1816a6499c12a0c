using Steno.Tensors;
using Steno.Threading;

namespace Steno.Loading;

/// <summary>Streams a tensor in another number format, a few rows in memory at a time, encoded on all threads.</summary>
internal static unsafe class TensorExport
{
    private const int ChunkElements = 1 << 22;
    private const int RowsPerItem = 16;

    /// <summary>Writes a tensor.</summary>
    /// <exception cref="ModelFormatException">A value is not finite, or too large for the format.</exception>
    public static void Write(Stream stream, TensorView tensor, DType type, WorkerPool pool, CancellationToken cancellationToken)
    {
        long rowCount = tensor.Shape.Length == 1 ? 1 : tensor.Shape[0];
        int width = checked((int)(tensor.ElementCount / rowCount));
        int rowBytes = checked((int)DTypeInfo.Of(type).BytesOf(width));
        int chunkRows = (int)Math.Clamp(ChunkElements / width, 1, rowCount);
        byte[] chunk = new byte[chunkRows * rowBytes];
        for (long first = 0; first < rowCount; first += chunkRows)
        {
            long start = first;
            int count = (int)Math.Min(chunkRows, rowCount - first);
            pool.Run(
                new ParallelAction(item =>
                {
                    float[] row = new float[width];
                    for (int i = item * RowsPerItem; i < Math.Min(count, (item + 1) * RowsPerItem); i++) EncodeRow(tensor, start + i, row, type, chunk.AsSpan(i * rowBytes, rowBytes));
                }),
                (count + RowsPerItem - 1) / RowsPerItem,
                cancellationToken);
            stream.Write(chunk, 0, count * rowBytes);
        }
    }

    private static void EncodeRow(TensorView tensor, long row, float[] values, DType type, Span<byte> destination)
    {
        long first = row * values.Length;
        if (type == tensor.DType)
        {
            tensor.RequireFinite(first, values.Length);
            DTypeInfo info = DTypeInfo.Of(type);
            new ReadOnlySpan<byte>(tensor.Data + info.BytesOf(first), destination.Length).CopyTo(destination);
            return;
        }

        tensor.CopyTo(first, values);
        TensorEncoding.Encode(values, type, destination);
        if (type == DType.F32 || type == DType.BF16) return;

        // Scales are F16 in every other format, and what is too large for F16 becomes infinite there.
        fixed (byte* data = destination)
        {
            var encoded = new TensorView(tensor.Name, tensor.File, type, [values.Length], data);
            try
            {
                encoded.RequireFinite(0, values.Length);
            }
            catch (ModelFormatException fault)
            {
                throw new ModelFormatException(
                    $"row {row} has weights that are too large for {type}",
                    tensor.File,
                    tensor.Name,
                    tensor.FileOffset,
                    "values up to 65504",
                    fault.Found,
                    fault);
            }
        }
    }
}
