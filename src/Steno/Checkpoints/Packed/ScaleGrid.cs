using System.Buffers.Binary;
using Steno.Quantization;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>Scales of a matrix, or other numbers like them: each holds for some neighbouring columns of one row or of several.</summary>
internal sealed class ScaleGrid : IDisposable
{
    private readonly RawTensor _tensor;
    private readonly int _elementBytes;
    private readonly long _rowsPerScale;
    private readonly float _factor;
    private readonly LoadedBytes? _loaded;

    private ScaleGrid(RawTensor tensor, long rowsPerScale, int columnsPerScale, int count, bool isE4M3 = false, float factor = 1)
    {
        _tensor = isE4M3 ? tensor with { DTypeName = "F8_E4M3" } : tensor;
        _factor = factor;
        _elementBytes = ElementBytes(tensor.DTypeName) ?? throw ModuleTensors.Fault(tensor, "the scales are in a number format that scales do not have", "F32, F16, BF16, F8_E4M3 or U8");
        _rowsPerScale = rowsPerScale;
        ColumnsPerScale = columnsPerScale;
        Count = count;
    }

    private ScaleGrid(ScaleGrid whole, LoadedBytes loaded)
    {
        _tensor = whole._tensor;
        _elementBytes = whole._elementBytes;
        _rowsPerScale = whole._rowsPerScale;
        _factor = whole._factor;
        ColumnsPerScale = whole.ColumnsPerScale;
        Count = whole.Count;
        _loaded = loaded;
    }

    /// <summary>Columns that share a scale; those of the last scale may be fewer.</summary>
    public int ColumnsPerScale { get; }

    /// <summary>Scales of a row.</summary>
    public int Count { get; }

    /// <summary>Scales for groups of columns of each row; or one for each row, or for the whole matrix.</summary>
    /// <param name="tensor">[rows, groups], [rows, 1], [rows], [1] or [].</param>
    /// <param name="rowCount">Rows of the matrix.</param>
    /// <param name="columnCount">Columns of the matrix.</param>
    /// <param name="isE4M3">True where the scales are E4M3, whatever the file calls their bytes.</param>
    /// <param name="factor">What they are multiplied by.</param>
    /// <exception cref="ModelFormatException">The shape is another, or the columns are no whole number of groups.</exception>
    public static ScaleGrid Groups(RawTensor tensor, long rowCount, int columnCount, bool isE4M3 = false, float factor = 1)
    {
        long[] shape = tensor.Shape;
        if (shape.Length == 0 || (shape.Length == 1 && shape[0] == 1)) return new ScaleGrid(tensor, rowCount, columnCount, 1, isE4M3, factor);
        bool hasRows = shape.Length is 1 or 2 && shape[0] == rowCount;
        long groups = shape.Length == 2 ? shape[1] : 1;
        if (hasRows && groups > 0 && columnCount % groups == 0) return new ScaleGrid(tensor, 1, (int)(columnCount / groups), (int)groups, isE4M3, factor);
        throw ModuleTensors.Fault(tensor, "the scales do not fit their matrix", $"one for all, or [{rowCount}, groups] with groups of equal width among {columnCount} columns");
    }

    /// <summary>Scales for squares of the matrix.</summary>
    /// <param name="tensor">[rows / side, columns / side], rounded up.</param>
    /// <param name="rowCount">Rows of the matrix.</param>
    /// <param name="columnCount">Columns of the matrix.</param>
    /// <param name="side">Side of a square.</param>
    /// <exception cref="ModelFormatException">The shape is another.</exception>
    public static ScaleGrid Squares(RawTensor tensor, long rowCount, int columnCount, int side)
    {
        long rows = (rowCount + side - 1) / side;
        int columns = (columnCount + side - 1) / side;
        return tensor.Shape is [long height, long width] && height == rows && width == columns
            ? new ScaleGrid(tensor, side, side, columns)
            : throw ModuleTensors.Fault(tensor, "the scales do not fit their matrix", $"shape [{rows}, {columns}], one for each {side} x {side}");
    }

    /// <inheritdoc cref="DerivedTensor.Load"/>
    public ScaleGrid Load(long firstRow, long rowCount)
    {
        long first = firstRow / _rowsPerScale;
        long end = ((firstRow + rowCount - 1) / _rowsPerScale) + 1;
        return new ScaleGrid(this, _tensor.Load(first * Count * _elementBytes, (end - first) * Count * _elementBytes));
    }

    /// <summary>Reads the scales of a row that is loaded.</summary>
    /// <param name="row">Row of the matrix.</param>
    /// <param name="scales">[Count].</param>
    public void Read(long row, Span<float> scales)
    {
        ReadOnlySpan<byte> bytes = _loaded!.Slice(row / _rowsPerScale * Count * _elementBytes, Count * _elementBytes);
        ReadFloats(_tensor.DTypeName, bytes, scales[..Count]);
        if (_factor == 1) return;
        foreach (ref float scale in scales[..Count]) scale *= _factor;
    }

    public void Dispose() => _loaded?.Dispose();

    /// <summary>Reads all numbers of a tensor.</summary>
    /// <param name="tensor">F32, F16 or BF16.</param>
    public static float[] ReadAll(RawTensor tensor)
    {
        float[] values = new float[tensor.ByteCount / ElementBytes(tensor.DTypeName)!.Value];
        using LoadedBytes bytes = tensor.Load(0, tensor.ByteCount);
        ReadFloats(tensor.DTypeName, bytes.All, values);
        return values;
    }

    /// <summary>Reads a number that stands alone.</summary>
    /// <exception cref="ModelFormatException">There are several, or it is no number that divides and multiplies.</exception>
    public static float Single(RawTensor tensor)
    {
        bool isSingle = tensor.Shape.Length == 0 || (tensor.Shape.Length == 1 && tensor.Shape[0] == 1);
        if (!isSingle || tensor.DTypeName is not ("F32" or "F16" or "BF16")) throw ModuleTensors.Fault(tensor, "the scale is not a single number", "one number in F32, F16 or BF16");
        float value = ReadAll(tensor)[0];
        return float.IsFinite(value) && value != 0 ? value : throw ModuleTensors.Fault(tensor, "the scale cannot be used", "a finite number other than 0", $"{value}");
    }

    private static int? ElementBytes(string dtypeName) => dtypeName switch
    {
        "F32" => sizeof(float),
        "F16" or "BF16" => sizeof(ushort),
        "F8_E4M3" or "U8" or "F8_E8M0" => 1,
        _ => null,
    };

    private static void ReadFloats(string dtypeName, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (dtypeName)
        {
            case "F32":
                for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case "F16":
                for (int i = 0; i < values.Length; i++) values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                break;
            case "BF16":
                for (int i = 0; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                break;
            default:
                ReadOnlySpan<float> table = dtypeName == "F8_E4M3" ? E4M3.Values : E8M0.Values;
                for (int i = 0; i < values.Length; i++) values[i] = table[bytes[i]];
                break;
        }
    }
}
