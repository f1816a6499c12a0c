using System.Buffers.Binary;
using Steno.Kernels;

namespace Steno.Tests.Kernels;

/// <summary>Rows into a matrix of codes with a scale and a minimum for 64 columns, by the plainest quantiser there is.</summary>
internal static unsafe class AffineRows
{
    private const int GroupWidth = 64;
    private const int BlockBytes = 72;

    /// <summary>Largest code of a format.</summary>
    public static int MaxCode(WeightFormat format) => format switch
    {
        WeightFormat.Affine4 => 15,
        WeightFormat.Affine6 => 63,
        _ => 255,
    };

    /// <summary>Quantises a row: from the smallest value of a group to the largest in equal steps.</summary>
    /// <returns>What the codes stand for.</returns>
    public static float[] Set(PackedMatrix matrix, int row, ReadOnlySpan<float> values)
    {
        int maxCode = MaxCode(matrix.Format);
        byte[] blocks = new byte[(values.Length + GroupWidth - 1) / GroupWidth * BlockBytes];
        float[] stood = new float[values.Length];
        for (int first = 0; first < values.Length; first += GroupWidth)
        {
            ReadOnlySpan<float> group = values[first..Math.Min(values.Length, first + GroupWidth)];
            float minimum = float.MaxValue;
            float maximum = float.MinValue;
            foreach (float value in group)
            {
                minimum = MathF.Min(minimum, value);
                maximum = MathF.Max(maximum, value);
            }

            float scale = (maximum - minimum) / maxCode;
            Span<byte> block = Block(blocks, first, scale, -minimum);
            for (int i = 0; i < group.Length; i++)
            {
                block[8 + i] = (byte)Math.Clamp((int)MathF.Round((group[i] - minimum) / (scale == 0 ? 1 : scale)), 0, maxCode);
                stood[first + i] = (scale * block[8 + i]) - -minimum;
            }
        }

        fixed (byte* source = blocks) EncodedRows.SetCodes(matrix, row, source);
        return stood;
    }

    /// <summary>A row of equal values, all with the largest code and no minimum.</summary>
    public static void SetLargestCodes(PackedMatrix matrix, int row, ReadOnlySpan<float> values)
    {
        byte[] blocks = new byte[(values.Length + GroupWidth - 1) / GroupWidth * BlockBytes];
        for (int first = 0; first < values.Length; first += GroupWidth)
            Block(blocks, first, values[0] / MaxCode(matrix.Format), minimum: 0)[8..].Fill((byte)MaxCode(matrix.Format));
        fixed (byte* source = blocks) EncodedRows.SetCodes(matrix, row, source);
    }

    private static Span<byte> Block(byte[] blocks, int first, float scale, float minimum)
    {
        Span<byte> block = blocks.AsSpan(first / GroupWidth * BlockBytes, BlockBytes);
        BinaryPrimitives.WriteSingleLittleEndian(block, scale);
        BinaryPrimitives.WriteSingleLittleEndian(block[4..], minimum);
        return block;
    }
}
