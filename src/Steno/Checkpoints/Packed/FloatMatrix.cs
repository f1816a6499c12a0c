using System.Buffers;
using Steno.Quantization;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>A matrix of small floating-point numbers, E4M3 in a byte or E2M1 in half of one: weight = number * scale.</summary>
internal sealed class FloatMatrix : DerivedTensor
{
    private readonly CodeRows _codes;
    private readonly ScaleGrid _scales;

    /// <summary>Describes a matrix.</summary>
    /// <param name="storedAs">What the file has, in a few words.</param>
    /// <param name="columnCount">Width of a row.</param>
    /// <param name="codes">Codes of 8 bits (E4M3) or of 4 (E2M1).</param>
    /// <param name="scales">The scales.</param>
    /// <param name="isExactInBF16">True where each product of a number and a scale is a BF16 value.</param>
    public FloatMatrix(string storedAs, int columnCount, CodeRows codes, ScaleGrid scales, bool isExactInBF16)
        : base(columnCount)
    {
        StoredAs = storedAs;
        _codes = codes;
        _scales = scales;
        LosslessType = isExactInBF16 ? DType.BF16 : DType.F32;
    }

    /// <inheritdoc/>
    public override string StoredAs { get; }

    /// <inheritdoc/>
    public override bool IsQuantized => true;

    /// <inheritdoc/>
    public override DType LosslessType { get; }

    /// <inheritdoc/>
    public override DerivedTensor Load(long firstRow, long rowCount) =>
        new FloatMatrix(StoredAs, ColumnCount, _codes.Load(firstRow, rowCount), _scales.Load(firstRow, rowCount), LosslessType == DType.BF16);

    /// <inheritdoc/>
    public override void ReadRow(long row, Span<float> values)
    {
        byte[] codes = ArrayPool<byte>.Shared.Rent(ColumnCount);
        float[] scales = ArrayPool<float>.Shared.Rent(_scales.Count);
        _codes.Read(row, codes.AsSpan(0, ColumnCount));
        _scales.Read(row, scales);
        bool isE2M1 = _codes.Bits == 4;
        for (int group = 0, first = 0; group < _scales.Count; group++)
        {
            int end = Math.Min(ColumnCount, first + _scales.ColumnsPerScale);
            if (isE2M1) E2M1.Expand(codes.AsSpan(first, end - first), scales[group], values[first..end]);
            else Multiply(E4M3.Values, scales[group], codes.AsSpan(first, end - first), values[first..end]);
            first = end;
        }

        ArrayPool<byte>.Shared.Return(codes);
        ArrayPool<float>.Shared.Return(scales);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _codes.Dispose();
        _scales.Dispose();
    }

    private static void Multiply(ReadOnlySpan<float> numbers, float scale, ReadOnlySpan<byte> codes, Span<float> values)
    {
        values = values[..codes.Length];
        for (int i = 0; i < codes.Length; i++) values[i] = numbers[codes[i]] * scale;
    }
}
