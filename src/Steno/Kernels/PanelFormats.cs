namespace Steno.Kernels;

/// <summary>What <see cref="IPanelFormat"/> says of each <see cref="WeightFormat"/>, for callers that learn the format at run time.</summary>
internal static class PanelFormats
{
    /// <summary>True for the formats that store codes and scales, false for plain numbers.</summary>
    public static bool IsQuantized(this WeightFormat format) => format >= WeightFormat.Q8;

    /// <summary>True for the formats that rows of plain numbers can be made into.</summary>
    public static bool IsMadeOfNumbers(this WeightFormat format) => format < WeightFormat.Q4K;

    /// <summary>Bytes of a panel of 16 rows.</summary>
    /// <param name="format">Number format.</param>
    /// <param name="columnCount">Width of a row.</param>
    public static long PanelBytes(WeightFormat format, int columnCount)
    {
        int blockCount = QuantizedRows.BlockCount(columnCount);
        return format switch
        {
            WeightFormat.F32 => (long)columnCount * TileKernel.PanelWidth * sizeof(float),
            WeightFormat.BF16 => (long)columnCount * TileKernel.PanelWidth * sizeof(ushort),
            WeightFormat.Q8 => ScaledPanel<Codes8>.PanelBytes(blockCount),
            WeightFormat.Q6 => ScaledPanel<Codes6>.PanelBytes(blockCount),
            WeightFormat.Q4 => ScaledPanel<Codes4>.PanelBytes(blockCount),
            WeightFormat.Q4K => Q4KPanel.PanelBytes(blockCount),
            WeightFormat.Affine4 => AffinePanel<Codes4>.PanelBytes(blockCount),
            WeightFormat.Affine6 => AffinePanel<Codes6>.PanelBytes(blockCount),
            WeightFormat.Affine8 => AffinePanel<Codes8>.PanelBytes(blockCount),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    /// <summary><see cref="IPanelFormat.CodeOffset"/> of a quantised format.</summary>
    public static int CodeOffset(WeightFormat format) => format switch
    {
        WeightFormat.Q8 => ScaledPanel<Codes8>.CodeOffset,
        WeightFormat.Q6 => ScaledPanel<Codes6>.CodeOffset,
        WeightFormat.Q4 => ScaledPanel<Codes4>.CodeOffset,
        WeightFormat.Q4K => Q4KPanel.CodeOffset,
        WeightFormat.Affine4 or WeightFormat.Affine6 or WeightFormat.Affine8 => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary><see cref="IPanelFormat.MaxCode"/> of a quantised format.</summary>
    public static int MaxCode(WeightFormat format) => format switch
    {
        WeightFormat.Q8 => ScaledPanel<Codes8>.MaxCode,
        WeightFormat.Q6 => ScaledPanel<Codes6>.MaxCode,
        WeightFormat.Q4 => ScaledPanel<Codes4>.MaxCode,
        WeightFormat.Q4K => Q4KPanel.MaxCode,
        WeightFormat.Affine4 => AffinePanel<Codes4>.MaxCode,
        WeightFormat.Affine6 => AffinePanel<Codes6>.MaxCode,
        WeightFormat.Affine8 => AffinePanel<Codes8>.MaxCode,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary><see cref="IPanelFormat.HasMinimums"/> of a quantised format.</summary>
    public static bool HasMinimums(WeightFormat format) => format >= WeightFormat.Q4K;
}
