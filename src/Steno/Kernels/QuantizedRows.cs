using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Steno.Kernels;

/// <summary>The layout in which rows of activations enter a product with a quantised matrix: 8-bit codes, a scale for each row and block of 32 columns.</summary>
/// <remarks>
/// Rows are taken in tiles (<see cref="TileShape"/>). For each block a tile holds
/// <code>codes [rows, 8 quads, 4 columns]   factors [rows], F32   corrections [rows]</code>
/// An activation is factor * code, with codes of -127 to 127 and factor = largest magnitude / 127, or zero where that magnitude is below 2^-118. The correction is what the unsigned
/// codes of the weights ask for: -CodeOffset * sum(codes) as an integer, or -factor * sum(codes) as F32 for a format with minimums.
/// <para>
/// Where the processor has no dot instruction for bytes, kernels multiply pairs of 16-bit numbers instead, and the 4 codes of a quad are stored as
/// such: columns 0 and 2, then 1 and 3. Columns beyond the last are zero in the last block, and so are rows beyond the last in the last tile.
/// </para>
/// </remarks>
internal static unsafe class QuantizedRows
{
    /// <summary>Columns that share a scale.</summary>
    public const int BlockColumns = 32;

    /// <summary>Quads, of 4 columns each, in a block.</summary>
    public const int QuadCount = 8;

    private const float MaxCode = 127;

    private const int MagnitudeBits = int.MaxValue;

    // 2^-118 as bits. Below it the factor would leave the normal numbers, and its inverse soon all numbers: such a block is zero.
    private const int SmallestMaxBits = (127 - 118) << 23;

    /// <summary>Rows of a full tile: as many as the 16 registers that most encodings reach leave room for.</summary>
    /// <remarks>
    /// With bytes 12 sums, 2 registers of weights and 1 of activations are 6 rows. With 16-bit numbers 8 sums, 4 registers of weights, 1 of activations and
    /// 1 product are 4 rows. In 512 bits there are 32 registers, and a sum takes one instead of two, but for the dot instruction of AVX-VNNI.
    /// </remarks>
    public static int FullHeight(WeightFormat format, KernelPath path) =>
        path == KernelPath.Vector512 && !AvxVnni.IsSupported ? 8 : HasByteCodes(format, path) ? 6 : 4;

    /// <summary>Number of blocks of a row.</summary>
    public static int BlockCount(int columnCount) => (columnCount + BlockColumns - 1) / BlockColumns;

    /// <summary>Bytes of a tile.</summary>
    public static long TileBytes(int height, int columnCount, WeightFormat format, KernelPath path) => (long)BlockCount(columnCount) * BlockBytes(height, format, path);

    /// <summary>Bytes of one block of a tile.</summary>
    public static int BlockBytes(int height, WeightFormat format, KernelPath path) => height * (QuadBytes(format, path) * QuadCount + sizeof(float) + sizeof(int));

    /// <summary>Bytes of 4 columns of a row: 4 codes of 8 bits for kernels that multiply bytes, else of 16.</summary>
    public static int QuadBytes(WeightFormat format, KernelPath path) => HasByteCodes(format, path) ? 4 : 8;

    /// <summary>True where kernels multiply bytes: with AVX-VNNI, or where a block's sums fit into 16 bits (<see cref="NarrowDot{TLanes, TInts, TVector}"/>).</summary>
    public static bool HasByteCodes(WeightFormat format, KernelPath path) => path switch
    {
        KernelPath.Scalar => true,
        KernelPath.Vector128 => false,
        _ => AvxVnni.IsSupported || PanelFormats.MaxCode(format) <= NarrowDot<Lanes256, Vector256<int>, Vector256<float>>.MaxCode,
    };

    /// <summary>Quantises the rows of one tile.</summary>
    /// <param name="rows">[rowCount, columnCount], row-major.</param>
    /// <param name="rowCount">Rows there are, 1 to <paramref name="height"/>.</param>
    /// <param name="height">Rows of the tile.</param>
    /// <param name="columnCount">Width of a row.</param>
    /// <param name="format">Format of the matrix that the rows meet.</param>
    /// <param name="tile">[<see cref="TileBytes"/>].</param>
    /// <param name="path">Vector registers to use.</param>
    public static void Quantize(float* rows, int rowCount, int height, int columnCount, WeightFormat format, byte* tile, KernelPath path)
    {
        for (int row = 0; row < height; row++) QuantizeRow(row < rowCount ? rows + ((long)row * columnCount) : null, row, height, columnCount, format, tile, path);
    }

    /// <summary>Quantises one row of a tile.</summary>
    /// <param name="values">[columnCount], or null for a row that fills up the tile.</param>
    /// <param name="row">Index of the row in the tile.</param>
    /// <param name="height">Rows of the tile.</param>
    /// <param name="columnCount">Width of a row.</param>
    /// <param name="format">Format of the matrix that the row meets.</param>
    /// <param name="tile">[<see cref="TileBytes"/>].</param>
    /// <param name="path">Vector registers to use.</param>
    public static void QuantizeRow(float* values, int row, int height, int columnCount, WeightFormat format, byte* tile, KernelPath path)
    {
        int rowBytes = QuadBytes(format, path) * QuadCount;
        int blockBytes = BlockBytes(height, format, path);
        int offset = PanelFormats.CodeOffset(format);
        bool hasMinimums = PanelFormats.HasMinimums(format);
        float* last = stackalloc float[BlockColumns];
        byte* codes = tile + (row * rowBytes);
        float* factors = (float*)(tile + (height * rowBytes)) + row;
        for (int block = 0; block < BlockCount(columnCount); block++, codes += blockBytes, factors = (float*)((byte*)factors + blockBytes))
        {
            (float factor, int sum) = (0, 0);
            if (values is null)
            {
                new Span<byte>(codes, rowBytes).Clear();
            }
            else
            {
                (factor, sum) = QuantizeBlock(BlockOf(values, block, columnCount, last), (sbyte*)codes, path);
                if (rowBytes > BlockColumns) Widen((sbyte*)codes, (short*)codes);
            }

            *factors = factor;
            if (hasMinimums) factors[height] = -factor * sum;
            else ((int*)factors)[height] = -offset * sum;
        }
    }

    /// <summary>The 32 values of a block: where they are, or, in a last block that has fewer, filled up with zeros.</summary>
    /// <param name="row">[columnCount].</param>
    /// <param name="block">Index of the block.</param>
    /// <param name="columnCount">Width of the row.</param>
    /// <param name="padded">[32]: room for a block that is not full.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* BlockOf(float* row, int block, int columnCount, float* padded)
    {
        float* values = row + (block * BlockColumns);
        int count = columnCount - (block * BlockColumns);
        if (count >= BlockColumns) return values;
        new ReadOnlySpan<float>(values, count).CopyTo(new Span<float>(padded, count));
        new Span<float>(padded + count, BlockColumns - count).Clear();
        return padded;
    }

    // In place: of each quad columns 0 and 2 as 16-bit numbers, then 1 and 3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(sbyte* codes, short* words)
    {
        Vector128<byte> order = Vector128.Create((byte)0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15);
        Vector128<sbyte> first = Vector128.Shuffle(Vector128.Load(codes), order.AsSByte());
        Vector128<sbyte> second = Vector128.Shuffle(Vector128.Load(codes + 16), order.AsSByte());
        Vector128.WidenLower(first).Store(words);
        Vector128.WidenUpper(first).Store(words + 8);
        Vector128.WidenLower(second).Store(words + 16);
        Vector128.WidenUpper(second).Store(words + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Factor, int Sum) QuantizeBlock(float* values, sbyte* codes, KernelPath path)
    {
        if (path == KernelPath.Scalar) return QuantizeScalar(values, codes);
        return Avx512BW.IsSupported && path == KernelPath.Vector512 ? Quantize512(values, codes) : Quantize256(values, codes);
    }

    // Without their sign, floats have the order of their bits as integers, and NaN comes last: it becomes the factor, and through it every
    // output of the row.
    private static (float Factor, int Sum) QuantizeScalar(float* values, sbyte* codes)
    {
        int maxBits = 0;
        for (int i = 0; i < BlockColumns; i++) maxBits = Math.Max(maxBits, BitConverter.SingleToInt32Bits(values[i]) & MagnitudeBits);
        (float factor, float inverse) = Scale(maxBits);
        int sum = 0;
        for (int i = 0; i < BlockColumns; i++)
        {
            codes[i] = unchecked((sbyte)(int)MathF.Round(values[i] * inverse));
            sum += codes[i];
        }

        return (factor, sum);
    }

    private static (float Factor, int Sum) Quantize256(float* values, sbyte* codes)
    {
        Vector256<float> v0 = Vector256.Load(values), v1 = Vector256.Load(values + 8), v2 = Vector256.Load(values + 16), v3 = Vector256.Load(values + 24);
        Vector256<int> magnitude = Vector256.Create(MagnitudeBits);
        Vector256<int> maxima = Vector256.Max(Vector256.Max(v0.AsInt32() & magnitude, v1.AsInt32() & magnitude), Vector256.Max(v2.AsInt32() & magnitude, v3.AsInt32() & magnitude));
        (float factor, float inverse) = Scale(Max(maxima));
        Vector256<float> scale = Vector256.Create(inverse);
        Vector256<int> i0 = Nearest(v0 * scale), i1 = Nearest(v1 * scale), i2 = Nearest(v2 * scale), i3 = Nearest(v3 * scale);
        Vector256.Narrow(Vector256.Narrow(i0, i1), Vector256.Narrow(i2, i3)).Store(codes);
        return (factor, Vector256.Sum(i0 + i1 + i2 + i3));
    }

    // The conversions of AVX-512 round to nearest by themselves, and narrow to bytes in one step.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Factor, int Sum) Quantize512(float* values, sbyte* codes)
    {
        Vector512<float> v0 = Vector512.Load(values), v1 = Vector512.Load(values + 16);
        Vector512<int> magnitude = Vector512.Create(MagnitudeBits);
        Vector512<int> maxima = Vector512.Max(v0.AsInt32() & magnitude, v1.AsInt32() & magnitude);
        (float factor, float inverse) = Scale(Max(Vector256.Max(maxima.GetLower(), maxima.GetUpper())));
        Vector512<float> scale = Vector512.Create(inverse);
        Vector512<int> i0 = Avx512F.ConvertToVector512Int32(v0 * scale), i1 = Avx512F.ConvertToVector512Int32(v1 * scale);
        Avx512F.ConvertToVector128SByte(i0).Store(codes);
        Avx512F.ConvertToVector128SByte(i1).Store(codes + 16);
        Vector512<int> sums = i0 + i1;
        return (factor, Vector256.Sum(sums.GetLower() + sums.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Max(Vector256<int> values)
    {
        Vector128<int> half = Vector128.Max(values.GetLower(), values.GetUpper());
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Factor, float Inverse) Scale(int maxBits)
    {
        float max = BitConverter.Int32BitsToSingle(maxBits);
        return maxBits < SmallestMaxBits ? (0, 0) : (max * (1 / MaxCode), MaxCode / max);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Nearest(Vector256<float> value) => Vector256.ConvertToInt32Native(Vector256.Round(value));
}
