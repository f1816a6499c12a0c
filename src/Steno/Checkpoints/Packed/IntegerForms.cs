using System.Buffers.Binary;
using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>Forms of ModelOpt and compressed-tensors whose codes are whole numbers.</summary>
internal static class IntegerForms
{
    private const int WordBits = 32;
    private const int ByteZero = 128;
    private const int NibbleZero = 8;

    /// <summary>Signed bytes [rows, columns]: weight = (code - zero point) * weight_scale.</summary>
    public static TensorView Bytes(ModuleTensors module, RawTensor weight)
    {
        if (weight.Shape is not [long rows, long columns] || columns != module.ColumnCount) throw ModuleTensors.Fault(weight, "the codes do not fill the rows of the matrix", $"I8 [rows, {module.ColumnCount}]");
        ScaleGrid scales = Scales(module, rows);
        IZeroPoints zeros = module.Find("weight_zero_point") is { } stored ? ZeroPoints.SignedBytes(stored, rows, scales.Count) : ZeroPoints.Constant(ByteZero);
        return View(module, weight, rows, new AffineMatrix("8-bit integers", module.ColumnCount, CodeRows.SignedBytes(weight), scales, zeros));
    }

    /// <summary>ModelOpt's 4-bit integers, those of two neighbouring rows in a byte: [rows / 2, columns].</summary>
    public static TensorView RowPairs(ModuleTensors module, RawTensor weight)
    {
        if (module.Find("weight_scale") is null) throw module.Unsupported($"it has bytes {weight.ShapeText} without weight_scale");
        if (weight.Shape is not [long halves, long columns] || columns != module.ColumnCount) throw ModuleTensors.Fault(weight, "the codes do not fill the rows of the matrix", $"U8 [rows / 2, {module.ColumnCount}]");
        long rows = 2 * halves;
        ScaleGrid scales = Scales(module, rows);
        var matrix = new AffineMatrix($"4-bit integers, groups of {scales.ColumnsPerScale}", module.ColumnCount, CodeRows.RowPairs(weight), scales, ZeroPoints.Constant(NibbleZero));
        return View(module, weight, rows, matrix);
    }

    /// <summary>Integers of compressed-tensors in words of 32 bits, each row one stream of bits: weight = (code - zero point) * weight_scale.</summary>
    public static TensorView BitStreams(ModuleTensors module, RawTensor packed)
    {
        int columns = module.ColumnCount;
        if (packed.Shape is not [long rows, long words] || Bits(words, columns) is not { } bits)
            throw ModuleTensors.Fault(packed, "the codes do not fill the rows of the matrix", $"I32 [rows, {columns} * bits / {WordBits}, rounded up] with 1 to 8 bits");
        RequireShape(module.Require("weight_shape"), rows, columns);
        ScaleGrid scales = Scales(module, rows);
        IZeroPoints zeros = module.Find("weight_zero_point") is { } stored
            ? ZeroPoints.PackedAlongRows(stored, bits, rows, scales.Count)
            : ZeroPoints.Constant(1 << (bits - 1));
        int[]? groupOfColumn = module.Find("weight_g_idx") is { } order ? GroupOfColumn(order, columns, scales) : null;
        string name = $"{bits}-bit integers" + (scales.Count > 1 ? $", groups of {scales.ColumnsPerScale}" : "") + (groupOfColumn is null ? "" : ", reordered");
        return View(module, packed, rows, new AffineMatrix(name, columns, CodeRows.Stream(packed, bits), scales, zeros, biases: null, groupOfColumn));
    }

    private static ScaleGrid Scales(ModuleTensors module, long rows)
    {
        RawTensor scale = module.Require("weight_scale");
        return scale.DTypeName is "F32" or "F16" or "BF16"
            ? ScaleGrid.Groups(scale, rows, module.ColumnCount)
            : throw ModuleTensors.Fault(scale, "the scales are in another number format", "F32, F16 or BF16");
    }

    private static TensorView View(ModuleTensors module, RawTensor weight, long rows, AffineMatrix matrix) =>
        new(matrix, weight.Name, weight.File, DType.BF16, [rows, module.ColumnCount]);

    // A row is rounded up to whole words. From 32 columns on each width fills another number of words; below, several may fill the same.
    private static int? Bits(long words, int columns)
    {
        int[] fitting = [.. Enumerable.Range(1, 8).Where(bits => (((long)columns * bits) + WordBits - 1) / WordBits == words)];
        return fitting.Length == 1 ? fitting[0] : null;
    }

    private static void RequireShape(RawTensor shape, long rows, int columns)
    {
        bool isKnown = shape is { DTypeName: "I64", Shape: [2] } or { DTypeName: "I32", Shape: [2] };
        if (!isKnown) throw ModuleTensors.Fault(shape, "weight_shape is not a pair of whole numbers", "I64 [2] or I32 [2]");
        using LoadedBytes loaded = shape.Load(0, shape.ByteCount);
        ReadOnlySpan<byte> bytes = loaded.All;
        (long height, long width) = shape.DTypeName == "I64"
            ? (BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]))
            : (BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]));
        if (height != rows || width != columns) throw ModuleTensors.Fault(shape, "weight_shape contradicts the packed weights", $"[{rows}, {columns}]", $"[{height}, {width}]");
    }

    // Null where the groups are neighbours after all; -1 everywhere stands for that too.
    private static int[]? GroupOfColumn(RawTensor order, int columns, ScaleGrid scales)
    {
        if (order is not { DTypeName: "I32", Shape: [long length] } || length != columns) throw ModuleTensors.Fault(order, "the order of the groups does not fit the matrix", $"I32 [{columns}]");
        int[] groups = new int[columns];
        using LoadedBytes bytes = order.Load(0, order.ByteCount);
        for (int i = 0; i < columns; i++) groups[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes.All[(i * sizeof(int))..]);
        if (Array.TrueForAll(groups, group => group == -1)) return null;
        int worst = Array.FindIndex(groups, group => group < 0 || group >= scales.Count);
        if (worst >= 0) throw ModuleTensors.Fault(order, "a column belongs to no group", $"0 to {scales.Count - 1}", $"{groups[worst]} for column {worst}");
        bool isPlain = true;
        for (int i = 0; i < columns; i++) isPlain &= groups[i] == i / scales.ColumnsPerScale;
        return isPlain ? null : groups;
    }
}
