using System.Buffers;
using Steno.Quantization;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>A matrix of whole-number codes: weight = scale * (code - zero point) + bias, with one scale for some neighbouring columns of a row.</summary>
internal sealed class AffineMatrix : DerivedTensor
{
    private readonly CodeRows _codes;
    private readonly ScaleGrid _scales;
    private readonly IZeroPoints _zeroPoints;
    private readonly ScaleGrid? _biases;
    private readonly int[]? _groupOfColumn;

    /// <summary>Describes a matrix.</summary>
    /// <param name="storedAs">What the file has, in a few words.</param>
    /// <param name="columnCount">Width of a row.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="scales">The scales.</param>
    /// <param name="zeroPoints">The codes that stand for zero.</param>
    /// <param name="biases">What is added, in groups like those of the scales; null for nothing.</param>
    /// <param name="groupOfColumn">The group that each column belongs to; null where groups are neighbours.</param>
    public AffineMatrix(string storedAs, int columnCount, CodeRows codes, ScaleGrid scales, IZeroPoints zeroPoints, ScaleGrid? biases = null, int[]? groupOfColumn = null)
        : base(columnCount)
    {
        StoredAs = storedAs;
        _codes = codes;
        _scales = scales;
        _zeroPoints = zeroPoints;
        _biases = biases;
        _groupOfColumn = groupOfColumn;
    }

    /// <inheritdoc/>
    public override string StoredAs { get; }

    /// <inheritdoc/>
    public override bool IsQuantized => true;

    /// <inheritdoc/>
    public override DType LosslessType => DType.F32;

    /// <summary>The bits of a code, where the groups are whole blocks of <see cref="AffineBlock"/>.</summary>
    public override int CodeBits => _groupOfColumn is null && (_scales.Count == 1 || _scales.ColumnsPerScale % AffineBlock.Length == 0) ? _codes.Bits : 0;

    /// <inheritdoc/>
    public override DerivedTensor Load(long firstRow, long rowCount) => new AffineMatrix(
        StoredAs, ColumnCount, _codes.Load(firstRow, rowCount), _scales.Load(firstRow, rowCount), _zeroPoints.Load(firstRow, rowCount), _biases?.Load(firstRow, rowCount), _groupOfColumn);

    /// <inheritdoc/>
    public override void ReadRow(long row, Span<float> values)
    {
        byte[] codes = ArrayPool<byte>.Shared.Rent(ColumnCount);
        float[] levels = ArrayPool<float>.Shared.Rent(3 * _scales.Count);
        _codes.Read(row, codes.AsSpan(0, ColumnCount));
        Levels(row, levels, out Span<float> scales, out Span<float> zeros, out Span<float> biases);
        if (_groupOfColumn is null)
        {
            for (int group = 0; group < _scales.Count; group++)
            {
                int first = group * _scales.ColumnsPerScale;
                AffineBlock.Expand(codes.AsSpan(first, _scales.ColumnsPerScale), scales[group], zeros[group], biases[group], values[first..]);
            }
        }
        else
        {
            for (int i = 0; i < values.Length; i++) values[i] = (scales[_groupOfColumn[i]] * (codes[i] - zeros[_groupOfColumn[i]])) + biases[_groupOfColumn[i]];
        }

        ArrayPool<byte>.Shared.Return(codes);
        ArrayPool<float>.Shared.Return(levels);
    }

    /// <inheritdoc/>
    public override void ReadCodes(long row, Span<byte> blocks)
    {
        byte[] codes = ArrayPool<byte>.Shared.Rent(ColumnCount);
        float[] levels = ArrayPool<float>.Shared.Rent(3 * _scales.Count);
        _codes.Read(row, codes.AsSpan(0, ColumnCount));
        Levels(row, levels, out Span<float> scales, out Span<float> zeros, out Span<float> biases);
        for (int block = 0, column = 0; column < ColumnCount; block++, column += AffineBlock.Length)
        {
            Span<byte> target = blocks.Slice(block * AffineBlock.ByteCount, AffineBlock.ByteCount);
            int group = column / _scales.ColumnsPerScale;
            AffineBlock.WriteLevels(target, scales[group], (scales[group] * zeros[group]) - biases[group]);
            Span<byte> targetCodes = target[AffineBlock.HeaderBytes..];
            ReadOnlySpan<byte> source = codes.AsSpan(column, Math.Min(AffineBlock.Length, ColumnCount - column));
            source.CopyTo(targetCodes);
            targetCodes[source.Length..].Clear();
        }

        ArrayPool<byte>.Shared.Return(codes);
        ArrayPool<float>.Shared.Return(levels);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _codes.Dispose();
        _scales.Dispose();
        _zeroPoints.Dispose();
        _biases?.Dispose();
    }

    private void Levels(long row, Span<float> levels, out Span<float> scales, out Span<float> zeros, out Span<float> biases)
    {
        int count = _scales.Count;
        scales = levels[..count];
        zeros = levels.Slice(count, count);
        biases = levels.Slice(2 * count, count);
        _scales.Read(row, scales);
        _zeroPoints.Read(row, zeros);
        if (_biases is null) biases.Clear();
        else _biases.Read(row, biases);
    }
}
