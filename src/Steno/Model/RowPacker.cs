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
        using LoadedElements loaded = tensor.Load((long)start * _width, (long)(end - start) * _width);
        TensorView rows = loaded.Tensor;
        if (columnOrder.Length == 0 && matrix.Format == WeightFormat.BF16) PackHalves(rows, start, end);
        else if (stored >= WeightFormat.Affine4 && matrix.Format >= WeightFormat.Affine4) PackCodes(rows, start, end);
        else if (stored == matrix.Format && matrix.Format.IsQuantized()) PackBlocks(rows, start, end);
        else PackNumbers(rows, start, end);
    }

    // Panels of 16 rows that are stored as they are packed are transposed; others are brought into that form first.
    private void PackHalves(in TensorView rows, int start, int end)
    {
        bool isStored = rows.Derived is null && rows.DType == DType.BF16;
        float[] row = new float[_width];
        ushort[] rounded = isStored ? [] : new ushort[PanelWidth * _width];
        fixed (ushort* made = rounded)
        {
            for (int i = start; i < end; i++)
            {
                long first = (long)i * _width;
                bool isPanel = i + PanelWidth <= end && matrix.Locate(firstTargetRow + i).Output == 0;
                if (isPanel && !isStored) Round(rows, i, row, (BFloat16*)made);
                if (!isPanel || !EncodedRows.TrySetPanel(matrix, firstTargetRow + i, isStored ? (ushort*)rows.At(first) : made))
                {
                    rows.CopyTo(first, row);
                    matrix.SetRow(firstTargetRow + i, row);
                    continue;
                }

                if (isStored) rows.RequireFinite(first, (long)PanelWidth * _width);
                i += PanelWidth - 1;
            }
        }
    }

    private void Round(in TensorView rows, int firstRow, float[] row, BFloat16* rounded)
    {
        fixed (float* source = row)
        {
            for (int i = 0; i < PanelWidth; i++)
            {
                rows.CopyTo((long)(firstRow + i) * _width, row);
                BFloat16.Round(source, rounded + ((long)i * _width), _width);
            }
        }
    }

    private void PackCodes(in TensorView rows, int start, int end)
    {
        byte[] blocks = new byte[EncodedRows.CodeBytes(_width)];
        fixed (byte* source = blocks)
        {
            for (int i = start; i < end; i++)
            {
                rows.ReadCodes(i, blocks);
                EncodedRows.SetCodes(matrix, firstTargetRow + i, source);
            }
        }
    }

    private void PackBlocks(in TensorView rows, int start, int end)
    {
        byte[] blocks = rows.Derived is null ? [] : new byte[DTypeInfo.Of(rows.DType).BytesOf(_width)];
        fixed (byte* made = blocks)
        {
            for (int i = start; i < end; i++)
            {
                long first = (long)i * _width;
                if (rows.Derived is null) rows.RequireFinite(first, _width);
                else rows.ReadBlocks(i, blocks);
                EncodedRows.SetRow(matrix, firstTargetRow + i, rows.Derived is null ? rows.At(first) : made);
            }
        }
    }

    private void PackNumbers(in TensorView rows, int start, int end)
    {
        float[] row = new float[_width];
        float[] ordered = new float[columnOrder.Length];
        for (int i = start; i < end; i++)
        {
            rows.CopyTo((long)i * _width, row);
            for (int k = 0; k < ordered.Length; k++) ordered[k] = row[columnOrder[k]];
            matrix.SetRow(firstTargetRow + i, columnOrder.Length == 0 ? row : ordered);
        }
    }
}
