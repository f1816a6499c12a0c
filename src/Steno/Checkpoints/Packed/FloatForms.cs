using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>Forms whose codes are small floating-point numbers: FP8, NVFP4 and the microscaling formats, of MLX, ModelOpt and compressed-tensors.</summary>
internal static class FloatForms
{
    private const int SquareSide = 128;
    private const int NvGroup = 16;

    /// <summary>E4M3 bytes [rows, columns] with weight_scale for all, for each row, for groups or for squares, or weight_scale_inv for squares of 128.</summary>
    public static TensorView Fp8(ModuleTensors module, RawTensor weight)
    {
        long rows = RequireRows(module, weight, 1);
        if (module.Find("weight_scale_inv") is { } inverse)
        {
            RequireFloats(inverse);
            return View(module, weight, rows, 8, ScaleGrid.Squares(inverse, rows, module.ColumnCount, SquareSide), $"FP8 (E4M3) in squares of {SquareSide}");
        }

        RawTensor scale = module.Require("weight_scale");
        if (scale.DTypeName is "U8" or "F8_E8M0")
        {
            ScaleGrid grid = ScaleGrid.Groups(scale, rows, module.ColumnCount);
            return grid.ColumnsPerScale == Mxfp4Matrix.GroupLength
                ? Grouped(module, weight, 8, grid, "mxfp8")
                : throw ModuleTensors.Fault(scale, "scales that are powers of two do not come in groups of 32", $"[{rows}, {module.ColumnCount / Mxfp4Matrix.GroupLength}]");
        }

        RequireFloats(scale);
        bool hasSquares = scale.Shape is [long height, > 1] && height != rows;
        return hasSquares
            ? View(module, weight, rows, 8, ScaleGrid.Squares(scale, rows, module.ColumnCount, SquareSide), $"FP8 (E4M3) in squares of {SquareSide}")
            : View(module, weight, rows, 8, ScaleGrid.Groups(scale, rows, module.ColumnCount), "FP8 (E4M3)");
    }

    /// <summary>ModelOpt's E2M1 [rows, columns / 2]: with E4M3 scales for groups of 16 and weight_scale_2, or with powers of two for groups of 32.</summary>
    public static TensorView Fp4(ModuleTensors module, RawTensor weight)
    {
        RawTensor scale = module.Require("weight_scale");
        return scale.DTypeName == "U8" ? Mxfp4(module, weight, scale) : Nvfp4(module, weight, scale, ScaleGrid.Single(module.Require("weight_scale_2")));
    }

    /// <summary>The same of compressed-tensors, which divides by weight_global_scale.</summary>
    public static TensorView PackedFp4(ModuleTensors module, RawTensor packed)
    {
        if (packed.DTypeName != "U8") throw ModuleTensors.Fault(packed, "packed weights are in another number format", "I32 (integers) or U8 (E2M1)");
        RawTensor scale = module.Require("weight_scale");
        return scale.DTypeName == "U8" ? Mxfp4(module, packed, scale) : Nvfp4(module, packed, scale, 1 / ScaleGrid.Single(module.Require("weight_global_scale")));
    }

    /// <summary>E2M1 with a power of two for each 32 columns: in Q8_0, which holds it exactly, unless a scale is beyond the range of F16.</summary>
    public static TensorView Mxfp4(ModuleTensors module, RawTensor weight, RawTensor scale)
    {
        long rows = RequireRows(module, weight, 2);
        ScaleGrid grid = ScaleGrid.Groups(scale, rows, module.ColumnCount);
        if (grid.ColumnsPerScale != Mxfp4Matrix.GroupLength) throw ModuleTensors.Fault(scale, "scales that are powers of two do not come in groups of 32", $"[{rows}, {module.ColumnCount / Mxfp4Matrix.GroupLength}]");
        var values = new FloatMatrix("mxfp4", module.ColumnCount, CodeRows.Stream(weight, 4), grid, isExactInBF16: true);
        bool fits = Mxfp4Matrix.AreInRange(scale);
        DerivedTensor matrix = fits ? new Mxfp4Matrix(weight, scale, values) : values;
        return new TensorView(matrix, weight.Name, weight.File, matrix.LosslessType, [rows, module.ColumnCount]);
    }

    /// <summary>Numbers in groups whose scales have few enough bits for the products to be BF16 values.</summary>
    public static TensorView Grouped(ModuleTensors module, RawTensor weight, int bits, ScaleGrid scales, string name)
    {
        long rows = weight.DTypeName == "U32" ? weight.Shape[0] : RequireRows(module, weight, 8 / bits);
        return View(module, weight, rows, bits, scales, name, isExactInBF16: true);
    }

    private static TensorView Nvfp4(ModuleTensors module, RawTensor weight, RawTensor scale, float factor)
    {
        long rows = RequireRows(module, weight, 2);
        if (scale.DTypeName != "F8_E4M3") throw ModuleTensors.Fault(scale, "the scales of NVFP4 are in another number format", "F8_E4M3");
        ScaleGrid grid = ScaleGrid.Groups(scale, rows, module.ColumnCount, isE4M3: true, factor);
        if (grid.ColumnsPerScale != NvGroup) throw ModuleTensors.Fault(scale, "the scales of NVFP4 do not come in groups of 16", $"[{rows}, {module.ColumnCount / NvGroup}]");
        return View(module, weight, rows, 4, grid, "NVFP4");
    }

    private static TensorView View(ModuleTensors module, RawTensor weight, long rows, int bits, ScaleGrid scales, string name, bool isExactInBF16 = false)
    {
        var matrix = new FloatMatrix(name, module.ColumnCount, CodeRows.Stream(weight, bits), scales, isExactInBF16);
        return new TensorView(matrix, weight.Name, weight.File, DType.BF16, [rows, module.ColumnCount]);
    }

    private static long RequireRows(ModuleTensors module, RawTensor weight, int codesOfAByte)
    {
        if (weight.DTypeName == "U32") return weight.Shape[0];
        return module.ColumnCount % codesOfAByte == 0 && weight.Shape is [long rows, long bytes] && bytes == module.ColumnCount / codesOfAByte
            ? rows
            : throw ModuleTensors.Fault(weight, "the codes do not fill the rows of the matrix", $"[rows, {module.ColumnCount / codesOfAByte}]");
    }

    private static void RequireFloats(RawTensor tensor)
    {
        if (tensor.DTypeName is not ("F32" or "F16" or "BF16")) throw ModuleTensors.Fault(tensor, "the scales are in another number format", "F32, F16 or BF16");
    }
}
