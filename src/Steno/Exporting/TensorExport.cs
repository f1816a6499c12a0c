using System.Buffers;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Exporting;

/// <summary>Streams a tensor in another number format, a few rows in memory at a time, encoded on all threads.</summary>
/// <param name="tensor">The tensor.</param>
/// <param name="type">The number format.</param>
/// <param name="importance">How much each column counts, all positive; null when all count the same.</param>
/// <param name="pool">Threads that encode.</param>
internal sealed unsafe class TensorExport(TensorView tensor, DType type, float[]? importance, WorkerPool pool)
{
    private const int ChunkElements = 1 << 21;

    // The slowest search takes some 100 ns for each weight, and the work can only be stopped between two items.
    private const int ItemElements = 1 << 15;

    private readonly DTypeInfo _info = DTypeInfo.Of(type);

    /// <summary>Writes the tensor.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="onChunk">Called with the bytes of each piece that is written.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ModelFormatException">A value is not finite, or too large for the format.</exception>
    public void Write(Stream stream, Action<int> onChunk, CancellationToken cancellationToken)
    {
        long rowCount = tensor.Shape.Length == 1 ? 1 : tensor.Shape[0];
        int width = checked((int)(tensor.ElementCount / rowCount));
        int rowBytes = checked((int)_info.BytesOf(width));
        int chunkRows = (int)Math.Clamp(ChunkElements / width, 1, rowCount);
        int itemRows = Math.Max(1, ItemElements / width);
        byte[] chunk = ArrayPool<byte>.Shared.Rent(chunkRows * rowBytes);
        try
        {
            for (long first = 0; first < rowCount; first += chunkRows)
            {
                long start = first;
                int count = (int)Math.Min(chunkRows, rowCount - first);
                pool.Run(
                    new ParallelAction(item =>
                    {
                        float[] row = new float[width];
                        int first = item * itemRows;
                        int end = Math.Min(count, first + itemRows);
                        using LoadedElements rows = tensor.Load((start + first) * width, (long)(end - first) * width);
                        for (int i = first; i < end; i++) EncodeRow(rows.Tensor, start + i, row, chunk.AsSpan(i * rowBytes, rowBytes));
                    }),
                    (count + itemRows - 1) / itemRows,
                    cancellationToken);
                stream.Write(chunk, 0, count * rowBytes);
                onChunk(count * rowBytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private void EncodeRow(in TensorView rows, long row, float[] values, Span<byte> destination)
    {
        long first = row * values.Length;
        if (type == rows.DType && rows.Derived is not null && _info.IsQuantized)
        {
            rows.ReadBlocks(row, destination);
            return;
        }

        if (type == rows.DType && rows.Derived is null)
        {
            rows.RequireFinite(first, values.Length);
            new ReadOnlySpan<byte>(rows.At(first), destination.Length).CopyTo(destination);
            return;
        }

        rows.CopyTo(first, values);
        if (importance is null) TensorEncoding.Encode(values, type, destination);
        else TensorEncoding.Encode(values, importance, type, destination);
        if (type != DType.F32 && type != DType.BF16) RequireInRange(row, values.Length, destination);
    }

    // Scales are F16 in every block format, and what is too large for F16 becomes infinite there.
    private void RequireInRange(long row, int width, ReadOnlySpan<byte> encoded)
    {
        fixed (byte* data = encoded)
        {
            var view = new TensorView(tensor.Name, tensor.File, type, [width], data);
            try
            {
                view.RequireFinite(0, width);
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
