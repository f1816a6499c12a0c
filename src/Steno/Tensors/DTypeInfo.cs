using Steno.Quantization;

namespace Steno.Tensors;

/// <summary>What a <see cref="DType"/> is made of: blocks of a fixed number of elements and bytes. F32, F16 and BF16 have blocks of one element.</summary>
internal sealed class DTypeInfo
{
    private static readonly DTypeInfo[] All =
    [
        new(DType.F32, 1, sizeof(float)),
        new(DType.F16, 1, sizeof(ushort)),
        new(DType.BF16, 1, sizeof(ushort)),
        Writable<Q8_0>(DType.Q8_0),
        Writable<Q4_0>(DType.Q4_0),
        Readable<Q4_1>(DType.Q4_1),
        Writable<Q5_0>(DType.Q5_0),
        Readable<Q5_1>(DType.Q5_1),
        Readable<Q2_K>(DType.Q2_K),
        Readable<Q3_K>(DType.Q3_K),
        Writable<Q4_K>(DType.Q4_K),
        Writable<Q5_K>(DType.Q5_K),
        Writable<Q6_K>(DType.Q6_K),
        Readable<IQ4_NL>(DType.IQ4_NL),
        Readable<IQ4_XS>(DType.IQ4_XS),
    ];

    private DTypeInfo(DType type, int blockLength, int blockBytes)
    {
        Type = type;
        BlockLength = blockLength;
        BlockBytes = blockBytes;
    }

    /// <summary>Expands one block.</summary>
    public delegate void BlockDecoder(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>Stores one block.</summary>
    public delegate void BlockEncoder(ReadOnlySpan<float> values, Span<byte> block);

    /// <summary>Stores one block, where some columns count more than others.</summary>
    public delegate void WeightedBlockEncoder(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, float rowMeanSquare, Span<byte> block);

    /// <summary>Finds the first block whose weights are not all finite; -1 where there is none.</summary>
    public delegate int BlockChecker(ReadOnlySpan<byte> blocks);

    public DType Type { get; }

    /// <summary>Elements of a block.</summary>
    public int BlockLength { get; }

    /// <summary>Bytes of a block.</summary>
    public int BlockBytes { get; }

    /// <summary>Expands one block; null for formats of one element.</summary>
    public BlockDecoder? Dequantize { get; private init; }

    /// <summary>Stores one block; null for formats of one element and for those that are only read.</summary>
    public BlockEncoder? Quantize { get; private init; }

    /// <summary>Stores one block, where some columns count more than others; null where <see cref="Quantize"/> is.</summary>
    public WeightedBlockEncoder? QuantizeWeighted { get; private init; }

    /// <summary>Finds the first of several blocks whose weights are not all finite, or -1; null for formats of one element.</summary>
    public BlockChecker? IndexOfNotFinite { get; private init; }

    /// <summary>Bits that an element takes, its share of scales included.</summary>
    public double BitsPerElement => 8.0 * BlockBytes / BlockLength;

    /// <summary>True where several elements share a scale.</summary>
    public bool IsQuantized => Dequantize is not null;

    /// <summary>Describes a format.</summary>
    public static DTypeInfo Of(DType type) => All[(int)type];

    /// <summary>Bytes of consecutive elements.</summary>
    /// <param name="elementCount">A multiple of <see cref="BlockLength"/>.</param>
    public long BytesOf(long elementCount) => checked(elementCount / BlockLength * BlockBytes);

    private static DTypeInfo Readable<T>(DType type)
        where T : struct, IBlockFormat => new(type, T.BlockLength, T.BlockBytes)
        {
            Dequantize = T.Dequantize,
            IndexOfNotFinite = IndexOfNotFiniteIn<T>,
        };

    private static DTypeInfo Writable<T>(DType type)
        where T : struct, IBlockQuantizer => new(type, T.BlockLength, T.BlockBytes)
        {
            Dequantize = T.Dequantize,
            IndexOfNotFinite = IndexOfNotFiniteIn<T>,
            Quantize = T.Quantize,
            QuantizeWeighted = T.Quantize,
        };

    private static int IndexOfNotFiniteIn<T>(ReadOnlySpan<byte> blocks)
        where T : struct, IBlockFormat => BlockScales.IndexOfNotFinite(blocks, T.BlockBytes, T.ScaleOffsets);
}
