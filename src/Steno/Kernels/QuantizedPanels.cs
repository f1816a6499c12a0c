using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>Rows of plain numbers into quantised panels, and back.</summary>
internal static unsafe class QuantizedPanels
{
    private const int BlockColumns = QuantizedRows.BlockColumns;

    /// <summary>Quantises one row of a panel.</summary>
    /// <param name="format">Q8, Q6 or Q4.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="output">Row of the panel, 0 to 15.</param>
    /// <param name="values">[columnCount], finite.</param>
    /// <param name="columnCount">Width of a row.</param>
    public static void SetRow(WeightFormat format, byte* panel, int output, float* values, int columnCount)
    {
        switch (format)
        {
            case WeightFormat.Q8: SetRow<Codes8>(panel, output, values, columnCount); break;
            case WeightFormat.Q6: SetRow<Codes6>(panel, output, values, columnCount); break;
            case WeightFormat.Q4: SetRow<Codes4>(panel, output, values, columnCount); break;
            default: throw new ArgumentException($"Rows of plain numbers cannot be made into {format}.", nameof(format));
        }
    }

    /// <summary>Expands one row of a panel.</summary>
    /// <param name="format">A quantised format.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="output">Row of the panel, 0 to 15.</param>
    /// <param name="destination">[columnCount].</param>
    public static void CopyRow(WeightFormat format, byte* panel, int output, Span<float> destination)
    {
        switch (format)
        {
            case WeightFormat.Q8: CopyRow<ScaledPanel<Codes8>>(panel, output, destination); break;
            case WeightFormat.Q6: CopyRow<ScaledPanel<Codes6>>(panel, output, destination); break;
            case WeightFormat.Q4: CopyRow<ScaledPanel<Codes4>>(panel, output, destination); break;
            case WeightFormat.Q4K: CopyRow<Q4KPanel>(panel, output, destination); break;
            case WeightFormat.Affine4: CopyRow<AffinePanel<Codes4>>(panel, output, destination); break;
            case WeightFormat.Affine6: CopyRow<AffinePanel<Codes6>>(panel, output, destination); break;
            case WeightFormat.Affine8: CopyRow<AffinePanel<Codes8>>(panel, output, destination); break;
            default: throw new ArgumentException($"{format} is not quantised.", nameof(format));
        }
    }

    private static void SetRow<TCodes>(byte* panel, int output, float* values, int columnCount)
        where TCodes : struct, IPanelCodes
    {
        float* padded = stackalloc float[BlockColumns];
        byte* codes = stackalloc byte[BlockColumns];
        for (int block = 0; block < QuantizedRows.BlockCount(columnCount); block++)
        {
            float* source = QuantizedRows.BlockOf(values, block, columnCount, padded);
            Half scale = WeightBlock.Quantize(source, TCodes.CodeOffset, TCodes.MaxCode, codes);
            ScaledPanel<TCodes>.Set(panel, block, output, (uint*)codes, scale);
        }
    }

    private static void CopyRow<TFormat>(byte* panel, int output, Span<float> destination)
        where TFormat : struct, IPanelFormat
    {
        int firstOutput = output & ~3;
        for (int column = 0; column < destination.Length; column++)
        {
            int block = column / BlockColumns;
            float scale = TFormat.Scales<Lanes128, Vector128<float>>(panel, block, firstOutput)[output & 3];
            float minimum = TFormat.HasMinimums ? TFormat.Minimums<Lanes128, Vector128<float>>(panel, block, firstOutput)[output & 3] : 0;
            destination[column] = (scale * (TFormat.Code(TFormat.Block(panel, block), column % BlockColumns, output) - TFormat.CodeOffset)) - minimum;
        }
    }
}
