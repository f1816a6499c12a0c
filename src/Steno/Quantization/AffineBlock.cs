using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Steno.Quantization;

/// <summary>
/// 64 codes of a row with the scale and the minimum that they share, in 72 bytes: F32 scale, F32 minimum, a byte for each code. A weight is
/// scale * code - minimum. No file has this block: rows of codes travel in it from a file, whatever its layout, into the panels of a matrix.
/// </summary>
internal static class AffineBlock
{
    /// <summary>Weights of a block; the last block of a row may be used in part.</summary>
    public const int Length = 64;

    /// <summary>Bytes of a block.</summary>
    public const int ByteCount = HeaderBytes + Length;

    /// <summary>Where the codes begin.</summary>
    public const int HeaderBytes = 2 * sizeof(float);

    private const int MaxCode = 255;

    /// <summary>Number of blocks of a row.</summary>
    public static int Count(int columnCount) => (columnCount + Length - 1) / Length;

    /// <summary>Writes scale and minimum.</summary>
    public static void WriteLevels(Span<byte> block, float scale, float minimum)
    {
        BinaryPrimitives.WriteSingleLittleEndian(block, scale);
        BinaryPrimitives.WriteSingleLittleEndian(block[sizeof(float)..], minimum);
    }

    public static float Scale(ReadOnlySpan<byte> block) => BinaryPrimitives.ReadSingleLittleEndian(block);

    public static float Minimum(ReadOnlySpan<byte> block) => BinaryPrimitives.ReadSingleLittleEndian(block[sizeof(float)..]);

    /// <summary>Finds the first block that may hold a weight that is not finite.</summary>
    /// <param name="blocks">Whole blocks, one after the other.</param>
    /// <returns>Index of the block, or -1 where there is none.</returns>
    public static int IndexOfNotFinite(ReadOnlySpan<byte> blocks)
    {
        for (int i = 0; i < blocks.Length / ByteCount; i++)
        {
            ReadOnlySpan<byte> block = blocks[(i * ByteCount)..];
            if (!float.IsFinite((MathF.Abs(Scale(block)) * MaxCode) + MathF.Abs(Minimum(block)))) return i;
        }

        return -1;
    }

    /// <summary>values[i] = scale * (codes[i] - offset) + bias, the difference exact, product and sum rounded one after the other.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="scale">Scale of them all.</param>
    /// <param name="offset">Code that stands for zero: a whole number.</param>
    /// <param name="bias">What is added.</param>
    /// <param name="values">As many as codes.</param>
    public static void Expand(ReadOnlySpan<byte> codes, float scale, float offset, float bias, Span<float> values)
    {
        values = values[..codes.Length];
        int i = 0;
        for (; i <= codes.Length - 8; i += 8)
        {
            Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(BinaryPrimitives.ReadUInt64LittleEndian(codes[i..])).AsByte());
            Vector256<int> wide = Vector256.WidenLower(words.ToVector256()).AsInt32();
            Vector256<float> code = Vector256.ConvertToSingle(wide) - Vector256.Create(offset);
            ((Vector256.Create(scale) * code) + Vector256.Create(bias)).CopyTo(values[i..]);
        }

        for (; i < codes.Length; i++) values[i] = (scale * (codes[i] - offset)) + bias;
    }
}
