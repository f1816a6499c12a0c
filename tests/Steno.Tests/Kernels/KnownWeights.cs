using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Tests.Kernels;

/// <summary>Quantised matrices whose weights are known without reading a panel back.</summary>
internal static unsafe class KnownWeights
{
    private const int SuperBlockColumns = 256;

    /// <summary>The formats that store codes and scales.</summary>
    public static WeightFormat[] Formats => [.. Enum.GetValues<WeightFormat>().Where(format => format.IsQuantized())];

    /// <summary>Depths that a format can have, of some.</summary>
    public static IEnumerable<int> Depths(WeightFormat format, params IEnumerable<int> depths) =>
        format == WeightFormat.Q4K ? depths.Select(depth => (depth + SuperBlockColumns - 1) / SuperBlockColumns * SuperBlockColumns).Distinct() : depths;

    /// <summary>Sets all rows of a matrix.</summary>
    /// <returns>The weights, [rows, columns].</returns>
    public static float[] Fill(PackedMatrix matrix, int seed)
    {
        var random = new Random(seed);
        float[] weights = new float[matrix.RowCount * matrix.ColumnCount];
        for (int row = 0; row < matrix.RowCount; row++)
        {
            Span<float> values = weights.AsSpan(row * matrix.ColumnCount, matrix.ColumnCount);
            if (matrix.Format == WeightFormat.Q4K) SetBlocks(matrix, row, values, random);
            else if (!matrix.Format.IsMadeOfNumbers()) SetCodes(matrix, row, values, random);
            else SetGrid(matrix, row, values, random);
        }

        return weights;
    }

    /// <summary>Sets all rows of a matrix to its largest codes, with the sign that is asked for.</summary>
    /// <returns>The weight that they all are.</returns>
    public static float FillWithExtremes(PackedMatrix matrix, float sign)
    {
        float[] values = [.. Enumerable.Repeat(sign * 2f, matrix.ColumnCount)];
        for (int row = 0; row < matrix.RowCount; row++)
        {
            if (matrix.Format == WeightFormat.Q4K) values[0] = SetExtremeBlocks(matrix, row, sign);
            else if (!matrix.Format.IsMadeOfNumbers()) AffineRows.SetLargestCodes(matrix, row, values);
            else matrix.SetRow(row, values);
        }

        return values[0];
    }

    // Whole numbers times a power of two, the outermost of them among the first of each block: that grid is the only one that loses nothing.
    private static void SetGrid(PackedMatrix matrix, int row, Span<float> values, Random random)
    {
        (int lowest, int highest) = matrix.Format switch
        {
            WeightFormat.Q8 => (-127, 127),
            WeightFormat.Q6 => (-32, 31),
            _ => (-8, 7),
        };
        for (int start = 0; start < values.Length; start += QuantizedRows.BlockColumns)
        {
            Span<float> block = values[start..Math.Min(values.Length, start + QuantizedRows.BlockColumns)];
            float scale = MathF.ScaleB(random.Next(2) == 0 ? 1 : -1, -random.Next(4, 9));
            foreach (ref float value in block) value = scale * random.Next(lowest, highest + 1);
            block[random.Next(block.Length)] = scale * lowest;
        }

        matrix.SetRow(row, values);
    }

    private static void SetCodes(PackedMatrix matrix, int row, Span<float> values, Random random)
    {
        foreach (ref float value in values) value = 0.1f * (random.NextSingle() - 0.3f);
        AffineRows.Set(matrix, row, values).CopyTo(values);
    }

    // Bytes as they come make a valid block; what they mean is tested against ggml.
    private static void SetBlocks(PackedMatrix matrix, int row, Span<float> values, Random random)
    {
        DTypeInfo info = DTypeInfo.Of(DType.Q4_K);
        byte[] blocks = new byte[info.BytesOf(values.Length)];
        random.NextBytes(blocks);
        for (int start = 0; start < blocks.Length; start += info.BlockBytes)
        {
            BitConverter.TryWriteBytes(blocks.AsSpan(start), (Half)(0.001 * (1 + random.NextDouble())));
            BitConverter.TryWriteBytes(blocks.AsSpan(start + 2), (Half)(0.001 * (1 + random.NextDouble())));
            info.Dequantize!(blocks.AsSpan(start, info.BlockBytes), values.Slice(start / info.BlockBytes * SuperBlockColumns, SuperBlockColumns));
        }

        fixed (byte* source = blocks) EncodedRows.SetRow(matrix, row, source);
    }

    // All scales 63: with codes of 15 and no minimum, or with codes of 0 and minimums of 63.
    private static float SetExtremeBlocks(PackedMatrix matrix, int row, float sign)
    {
        DTypeInfo info = DTypeInfo.Of(DType.Q4_K);
        byte[] blocks = new byte[info.BytesOf(matrix.ColumnCount)];
        float[] values = new float[SuperBlockColumns];
        for (int start = 0; start < blocks.Length; start += info.BlockBytes)
        {
            Span<byte> block = blocks.AsSpan(start, info.BlockBytes);
            block.Fill(0xFF);
            BitConverter.TryWriteBytes(block, (Half)(sign > 0 ? 0.0078125 : 0));
            BitConverter.TryWriteBytes(block[2..], (Half)(sign > 0 ? 0 : 0.0078125));
            info.Dequantize!(block, values);
        }

        fixed (byte* source = blocks) EncodedRows.SetRow(matrix, row, source);
        Assert.Equal(sign > 0 ? 63 * 15 * 0.0078125f : -63 * 0.0078125f, values[0]);
        return values[0];
    }
}
