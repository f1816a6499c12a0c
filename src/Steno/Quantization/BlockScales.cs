using System.Buffers.Binary;

namespace Steno.Quantization;

/// <summary>Looks at the scales of blocks alone: a fraction of their bytes, and enough to know that every weight is finite.</summary>
internal static class BlockScales
{
    private const ushort F16Exponent = 0x7C00;

    /// <summary>Finds the first block with a scale or minimum that is NaN or infinite.</summary>
    /// <param name="blocks">Whole blocks, one after the other.</param>
    /// <param name="blockBytes">Bytes of a block.</param>
    /// <param name="scaleOffsets">Where the F16 numbers of a block lie.</param>
    /// <returns>Index of the block, or -1 where there is none.</returns>
    public static int IndexOfNotFinite(ReadOnlySpan<byte> blocks, int blockBytes, ReadOnlySpan<int> scaleOffsets)
    {
        for (int start = 0; start < blocks.Length; start += blockBytes)
        {
            foreach (int offset in scaleOffsets)
            {
                if (!IsFinite(blocks[(start + offset)..])) return start / blockBytes;
            }
        }

        return -1;
    }

    private static bool IsFinite(ReadOnlySpan<byte> field) => (BinaryPrimitives.ReadUInt16LittleEndian(field) & F16Exponent) != F16Exponent;
}
