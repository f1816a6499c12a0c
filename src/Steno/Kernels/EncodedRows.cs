using Steno.Quantization;
using Steno.Tensors;

namespace Steno.Kernels;

/// <summary>Rows as a file stores them into a <see cref="PackedMatrix"/> of the format that keeps every bit, without a detour over plain numbers.</summary>
internal static unsafe class EncodedRows
{
    private const int BlockColumns = QuantizedRows.BlockColumns;
    private const int QuadCount = QuantizedRows.QuadCount;

    /// <summary>The format that holds what a number format of files says exactly and in about as few bytes; null where there is none.</summary>
    public static WeightFormat? FormatOf(DType type) => type switch
    {
        DType.BF16 => WeightFormat.BF16,
        DType.Q8_0 => WeightFormat.Q8,
        DType.Q4_0 => WeightFormat.Q4,
        DType.Q4_K => WeightFormat.Q4K,
        _ => null,
    };

    /// <summary>The format that holds what a tensor says exactly and in about as few bytes; null where there is none.</summary>
    public static WeightFormat? FormatOf(in TensorView tensor) => tensor.Derived?.CodeBits switch
    {
        null or 0 => FormatOf(tensor.DType),
        <= 4 => WeightFormat.Affine4,
        <= 6 => WeightFormat.Affine6,
        _ => WeightFormat.Affine8,
    };

    /// <summary>Writes the 16 rows of a whole panel of a BF16 matrix.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="firstRow">The first of the rows.</param>
    /// <param name="rows">[16, K]: BF16 bit patterns, row-major; need not be aligned.</param>
    /// <returns>False, and nothing is written, when the 16 rows are not a whole panel.</returns>
    public static bool TrySetPanel(PackedMatrix matrix, int firstRow, ushort* rows)
    {
        (int panel, int output) = matrix.Locate(firstRow);
        int end = matrix.IsPaired && firstRow < matrix.RowCount / 2 ? matrix.RowCount / 2 : matrix.RowCount;
        if (output != 0 || firstRow + PackedMatrix.PanelWidth > end) return false;
        PanelTranspose.Run(rows, matrix.ColumnCount, (ushort*)matrix.Panel(panel));
        return true;
    }

    /// <summary>Bytes of a row of codes, in blocks of <see cref="AffineBlock"/>.</summary>
    public static int CodeBytes(int columnCount) => AffineBlock.Count(columnCount) * AffineBlock.ByteCount;

    /// <summary>Writes one row of codes into a matrix of codes: as <see cref="PackedMatrix.SetRow"/>, in ascending order.</summary>
    /// <param name="matrix">The matrix, of the format that <see cref="FormatOf(in TensorView)"/> says, or of one with more bits.</param>
    /// <param name="row">Index of the row.</param>
    /// <param name="blocks">The row's first <see cref="AffineBlock"/>.</param>
    public static void SetCodes(PackedMatrix matrix, int row, byte* blocks)
    {
        (int index, int output) = matrix.Locate(row);
        byte* panel = matrix.Panel(index);
        int blockCount = QuantizedRows.BlockCount(matrix.ColumnCount);
        switch (matrix.Format)
        {
            case WeightFormat.Affine4: SetCodes<Codes4>(panel, output, blocks, blockCount); break;
            case WeightFormat.Affine6: SetCodes<Codes6>(panel, output, blocks, blockCount); break;
            case WeightFormat.Affine8: SetCodes<Codes8>(panel, output, blocks, blockCount); break;
            default: throw new ArgumentException($"No codes of files are kept as {matrix.Format}.", nameof(matrix));
        }
    }

    /// <summary>Writes one row of blocks into a quantised matrix: as <see cref="PackedMatrix.SetRow"/>, in ascending order.</summary>
    /// <param name="matrix">The matrix, of the format that <see cref="FormatOf(DType)"/> says.</param>
    /// <param name="row">Index of the row.</param>
    /// <param name="blocks">The row's first block.</param>
    public static void SetRow(PackedMatrix matrix, int row, byte* blocks)
    {
        (int index, int output) = matrix.Locate(row);
        byte* panel = matrix.Panel(index);
        int blockCount = matrix.ColumnCount / BlockColumns;
        switch (matrix.Format)
        {
            case WeightFormat.Q8: SetQ8(panel, output, blocks, blockCount); break;
            case WeightFormat.Q4: SetQ4(panel, output, blocks, blockCount); break;
            case WeightFormat.Q4K: SetQ4K(panel, output, blocks, blockCount); break;
            default: throw new ArgumentException($"No blocks of files are kept as {matrix.Format}.", nameof(matrix));
        }
    }

    private static void SetCodes<TCodes>(byte* panel, int output, byte* blocks, int blockCount)
        where TCodes : struct, IPanelCodes
    {
        for (int block = 0; block < blockCount; block++)
        {
            byte* source = blocks + ((long)(block / AffinePanel<TCodes>.BlocksPerHeader) * AffineBlock.ByteCount);
            int part = block % AffinePanel<TCodes>.BlocksPerHeader;
            if (part == 0) AffinePanel<TCodes>.SetLevels(panel, block, output, ((float*)source)[0], ((float*)source)[1]);
            TCodes.SetCodes(AffinePanel<TCodes>.Block(panel, block), output, (uint*)(source + AffineBlock.HeaderBytes + (part * BlockColumns)));
        }
    }

    // The codes of a file are signed: the uppermost bit of each, turned over, adds 128.
    private static void SetQ8(byte* panel, int output, byte* blocks, int blockCount)
    {
        const uint SignBits = 0x8080_8080;
        uint* codes = stackalloc uint[QuadCount];
        for (int block = 0; block < blockCount; block++, blocks += Q8_0.BlockBytes)
        {
            for (int quad = 0; quad < QuadCount; quad++) codes[quad] = *(uint*)(blocks + 2 + (4 * quad)) ^ SignBits;
            ScaledPanel<Codes8>.Set(panel, block, output, codes, *(Half*)blocks);
        }
    }

    private static void SetQ4(byte* panel, int output, byte* blocks, int blockCount)
    {
        uint* codes = stackalloc uint[QuadCount];
        for (int block = 0; block < blockCount; block++, blocks += Q4_0.BlockBytes)
        {
            // Columns 0 to 15 are in the low halves of the 16 bytes, 16 to 31 in the high ones.
            for (int quad = 0; quad < QuadCount; quad++)
                codes[quad] = (*(uint*)(blocks + 2 + (4 * (quad % 4))) >> (quad / 4 * 4)) & 0x0F0F_0F0F;
            ScaledPanel<Codes4>.Set(panel, block, output, codes, *(Half*)blocks);
        }
    }

    private static void SetQ4K(byte* panel, int output, byte* blocks, int blockCount)
    {
        uint* codes = stackalloc uint[QuadCount];
        for (int block = 0; block < blockCount; block++)
        {
            byte* superBlock = blocks + ((long)(block / Q4KPanel.BlocksPerHeader) * Q4_K.BlockBytes);
            int part = block % Q4KPanel.BlocksPerHeader;
            if (part == 0)
            {
                Half* header = Q4KPanel.Header(panel, block);
                header[output] = *(Half*)superBlock;
                header[PackedMatrix.PanelWidth + output] = *(Half*)(superBlock + 2);
            }

            (int scale, int minimum) = PackedScales.Read(new ReadOnlySpan<byte>(superBlock + 4, PackedScales.ByteCount), part);
            byte* scaleCodes = Q4KPanel.ScaleCodes(panel, block);
            scaleCodes[output] = (byte)scale;
            scaleCodes[PackedMatrix.PanelWidth + output] = (byte)minimum;

            uint* source = (uint*)(superBlock + ScaleAndMinimum.HeaderBytes + (32 * (part / 2)));
            for (int quad = 0; quad < QuadCount; quad++) codes[quad] = (source[quad] >> (4 * (part % 2))) & 0x0F0F_0F0F;
            Codes4.SetCodes(Q4KPanel.Block(panel, block), output, codes);
        }
    }
}
