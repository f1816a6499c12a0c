using System.Buffers.Binary;
using Steno.Quantization;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>
/// A matrix of E2M1 numbers with a power of two for each 32. Twice such a number is whole and at most 12, and half the scale is an F16, so that the
/// blocks of Q8_0 hold every weight exactly.
/// </summary>
/// <remarks>That the scales are in the range of F16 is the caller's to see to (<see cref="IsInRange"/>). Zero is the one smaller scale.</remarks>
internal sealed class Mxfp4Matrix : DerivedTensor
{
    /// <summary>Columns that share a scale.</summary>
    public const int GroupLength = 32;

    private const int Bias = 127;

    // Half of the scale is 2^(code - 128): F16 holds 2^-24 to 2^15.
    private const int MinScale = 128 - 24;
    private const int MaxScale = 128 + 15;

    private readonly RawTensor _codes;
    private readonly RawTensor _scales;
    private readonly DerivedTensor _values;
    private readonly LoadedBytes? _loadedCodes;
    private readonly LoadedBytes? _loadedScales;

    /// <summary>Describes a matrix.</summary>
    /// <param name="codes">[rows, columns / 2] bytes.</param>
    /// <param name="scales">[rows, columns / 32] bytes, E8M0.</param>
    /// <param name="values">The same matrix as numbers.</param>
    public Mxfp4Matrix(RawTensor codes, RawTensor scales, DerivedTensor values)
        : this(codes, scales, values, loadedCodes: null, loadedScales: null)
    {
    }

    private Mxfp4Matrix(RawTensor codes, RawTensor scales, DerivedTensor values, LoadedBytes? loadedCodes, LoadedBytes? loadedScales)
        : base(values.ColumnCount)
    {
        _loadedCodes = loadedCodes;
        _loadedScales = loadedScales;
        _codes = codes;
        _scales = scales;
        _values = values;
    }

    /// <inheritdoc/>
    public override string StoredAs => _values.StoredAs;

    /// <inheritdoc/>
    public override bool IsQuantized => true;

    /// <inheritdoc/>
    public override DType LosslessType => DType.Q8_0;

    private int GroupCount => ColumnCount / GroupLength;

    /// <summary>Whether Q8_0 can hold every block of a matrix with these scales.</summary>
    public static bool AreInRange(RawTensor scales)
    {
        const int ChunkLength = 1 << 20;
        for (long start = 0; start < scales.ByteCount; start += ChunkLength)
        {
            using LoadedBytes bytes = scales.Load(start, Math.Min(ChunkLength, scales.ByteCount - start));
            foreach (byte scale in bytes.All)
            {
                if (!IsInRange(scale)) return false;
            }
        }

        return true;
    }

    /// <summary>Whether Q8_0 can hold a block of this scale. The smallest of all, 2^-127, is what writers give to blocks of zeros.</summary>
    private static bool IsInRange(byte scale) => scale is 0 or (>= MinScale and <= MaxScale);

    /// <inheritdoc/>
    public override DerivedTensor Load(long firstRow, long rowCount) => new Mxfp4Matrix(
        _codes,
        _scales,
        _values.Load(firstRow, rowCount),
        _codes.Load(firstRow * (ColumnCount / 2), rowCount * (ColumnCount / 2)),
        _scales.Load(firstRow * GroupCount, rowCount * GroupCount));

    /// <inheritdoc/>
    public override void ReadRow(long row, Span<float> values) => _values.ReadRow(row, values);

    /// <inheritdoc/>
    public override void ReadBlocks(long row, Span<byte> blocks)
    {
        ReadOnlySpan<byte> codes = _loadedCodes!.Slice(row * (ColumnCount / 2), ColumnCount / 2);
        ReadOnlySpan<byte> scales = _loadedScales!.Slice(row * GroupCount, GroupCount);
        ReadOnlySpan<sbyte> numbers = E2M1.Halves;
        for (int i = 0; i < GroupCount; i++)
        {
            Span<byte> block = blocks.Slice(i * Q8_0.BlockBytes, Q8_0.BlockBytes);
            BinaryPrimitives.WriteHalfLittleEndian(block, scales[i] == 0 ? Half.Zero : (Half)MathF.ScaleB(1, scales[i] - Bias - 1));
            ReadOnlySpan<byte> source = codes.Slice(i * GroupLength / 2, GroupLength / 2);
            for (int k = 0; k < source.Length; k++)
            {
                block[2 + (2 * k)] = (byte)numbers[source[k] & 15];
                block[3 + (2 * k)] = (byte)numbers[source[k] >> 4];
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _values.Dispose();
        _loadedCodes?.Dispose();
        _loadedScales?.Dispose();
    }
}
