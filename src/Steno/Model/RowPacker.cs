using Steno.Kernels;
using Steno.Tensors;

namespace Steno.Model;

/// <summary>Brings rows of a tensor into a packed matrix, bit by bit where the matrix holds what the tensor stores, else as numbers.</summary>
/// <param name="matrix">The matrix.</param>
/// <param name="tensor">The tensor.</param>
/// <param name="firstTargetRow">Row of the matrix that the tensor's first row becomes.</param>
/// <param name="columnOrder">Column k of the matrix is the tensor's column columnOrder[k]; empty for the same order.</param>
internal sealed unsafe class RowPacker(PackedMatrix matrix, TensorView tensor, int firstTargetRow, int[] columnOrder)
{
    private const int PanelWidth = PackedMatrix.PanelWidth;

    private readonly int _width = matrix.ColumnCount;

    /// <summary>Packs rows on the calling thread.</summary>
    /// <param name="start">The tensor's first row.</param>
    /// <param name="end">Its last row, exclusive.</param>
    /// <exception cref="ModelFormatException">A weight is not finite.</exception>
    public void Pack(int start, int end)
    {
        WeightFormat? stored = columnOrder.Length == 0 ? EncodedRows.FormatOf(tensor) : null;
        if (columnOrder.Length == 0 && matrix.Format == WeightFormat.BF16) PackHalves(start, end);
        else if (stored >= WeightFormat.Affine4 && matrix.Format >= WeightFormat.Affine4) PackCodes(start, end);
        else if (stored == matrix.Format && matrix.Format.IsQuantized()) PackBlocks(start, end);
        else PackNumbers(start, end);
    }

    // Panels of 16 rows that are stored as they are packed are transposed; others are brought into that form first.
    private void PackHalves(int start, int end)
    {
        bool isStored = tensor.Derived is null && tensor.DType == DType.BF16;
        float[] row = new float[_width];
        ushort[] rounded = isStored ? [] : new ushort[PanelWidth * _width];
        fixed (ushort* made = rounded)
        {
            for (int i = start; i < end; i++)
            {
                long first = (long)i * _width;
                bool isPanel = i + PanelWidth <= end && matrix.Locate(firstTargetRow + i).Lane == 0;
                if (isPanel && !isStored) Round(i, row, (BFloat16*)made);
                if (!isPanel || !EncodedRows.TrySetPanel(matrix, firstTargetRow + i, isStored ? (ushort*)tensor.Data + first : made))
                {
                    tensor.CopyTo(first, row);
                    matrix.SetRow(firstTargetRow + i, row);
                    continue;
                }

                if (isStored) tensor.RequireFinite(first, (long)PanelWidth * _width);
                i += PanelWidth - 1;
            }
        }
    }

    private void Round(int firstRow, float[] row, BFloat16* rounded)
    {
        fixed (float* source = row)
        {
            for (int i = 0; i < PanelWidth; i++)
            {
                tensor.CopyTo((long)(firstRow + i) * _width, row);
                BFloat16.Round(source, rounded + ((long)i * _width), _width);
            }
        }
    }

    private void PackCodes(int start, int end)
    {
        byte[] blocks = new byte[EncodedRows.CodeBytes(_width)];
        fixed (byte* source = blocks)
        {
            for (int i = start; i < end; i++)
            {
                tensor.ReadCodes(i, blocks);
                EncodedRows.SetCodes(matrix, firstTargetRow + i, source);
            }
        }
    }

    private void PackBlocks(int start, int end)
    {
        int rowBytes = checked((int)DTypeInfo.Of(tensor.DType).BytesOf(_width));
        byte[] blocks = tensor.Derived is null ? [] : new byte[rowBytes];
        fixed (byte* made = blocks)
        {
            for (int i = start; i < end; i++)
            {
                if (tensor.Derived is null) tensor.RequireFinite((long)i * _width, _width);
                else tensor.ReadBlocks(i, blocks);
                EncodedRows.SetRow(matrix, firstTargetRow + i, tensor.Derived is null ? tensor.Data + ((long)i * rowBytes) : made);
            }
        }
    }

    private void PackNumbers(int start, int end)
    {
        float[] row = new float[_width];
        float[] ordered = new float[columnOrder.Length];
        for (int i = start; i < end; i++)
        {
            tensor.CopyTo((long)i * _width, row);
            for (int k = 0; k < ordered.Length; k++) ordered[k] = row[columnOrder[k]];
            matrix.SetRow(firstTargetRow + i, columnOrder.Length == 0 ? row : ordered);
        }
    }
}
