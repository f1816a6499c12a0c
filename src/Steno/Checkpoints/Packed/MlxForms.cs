using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>
/// The forms of MLX: codes in words of 32 bits, each row one stream of bits, with scales of groups of its columns. The number of bits and the width of
/// the groups follow from the shapes, for each matrix on its own.
/// </summary>
internal static class MlxForms
{
    private const int WordBits = 32;

    /// <summary>Reads a matrix.</summary>
    /// <param name="module">The module.</param>
    /// <param name="weight">The words.</param>
    /// <exception cref="ModelFormatException">Parts are missing, or contradict each other.</exception>
    /// <exception cref="UnsupportedModelException">The form is none that Steno reads.</exception>
    public static TensorView Read(ModuleTensors module, RawTensor weight)
    {
        RawTensor scales = module.Require("scales");
        if (weight.Shape is not [long rows, long words] || words > int.MaxValue || BitsOf(words, module.ColumnCount) is not { } bits)
            throw ModuleTensors.Fault(weight, "the codes do not fill the rows of the matrix", $"U32 [rows, {module.ColumnCount} * bits / {WordBits}] with 2, 3, 4, 5, 6 or 8 bits");
        if (scales.Shape is not [_, long groups] || groups < 1 || module.ColumnCount % groups != 0)
            throw ModuleTensors.Fault(scales, "the groups do not divide the rows of the matrix", $"[{rows}, groups] with {module.ColumnCount} columns in groups of equal width");
        int width = (int)(module.ColumnCount / groups);
        return scales.DTypeName == "U8"
            ? ReadFloats(module, weight, scales, bits, width)
            : ReadAffine(module, weight, scales, bits, width);
    }

    private static int? BitsOf(long words, int columnCount)
    {
        (long bits, long rest) = Math.DivRem(words * WordBits, columnCount);
        return rest == 0 && bits is 2 or 3 or 4 or 5 or 6 or 8 ? (int)bits : null;
    }

    private static TensorView ReadAffine(ModuleTensors module, RawTensor weight, RawTensor scales, int bits, int width)
    {
        RawTensor biases = module.Require("biases");
        RequireFloats(scales);
        RequireFloats(biases);
        if (!biases.Shape.AsSpan().SequenceEqual(scales.Shape)) throw ModuleTensors.Fault(biases, "scales and biases have different shapes", $"shape {scales.ShapeText}");
        long rows = weight.Shape[0];
        var matrix = new AffineMatrix(
            $"MLX {bits} bits, groups of {width}",
            module.ColumnCount,
            CodeRows.Stream(weight, bits),
            ScaleGrid.Groups(scales, rows, module.ColumnCount),
            ZeroPoints.Constant(0),
            ScaleGrid.Groups(biases, rows, module.ColumnCount));
        return new TensorView(matrix, weight.Name, weight.File, DType.BF16, [rows, module.ColumnCount]);
    }

    private static TensorView ReadFloats(ModuleTensors module, RawTensor weight, RawTensor scales, int bits, int width)
    {
        if (module.Find("biases") is not null) throw module.Unsupported("it has scales of one byte and biases");
        return (bits, width) switch
        {
            (4, 32) => FloatForms.Mxfp4(module, weight, scales),
            (4, 16) => FloatForms.Grouped(module, weight, 4, ScaleOf(isE4M3: true), "nvfp4"),
            (8, 32) => FloatForms.Grouped(module, weight, 8, ScaleOf(isE4M3: false), "mxfp8"),
            _ => throw module.Unsupported($"it has {bits} bits, scales of one byte and groups of {width}"),
        };

        ScaleGrid ScaleOf(bool isE4M3) => ScaleGrid.Groups(scales, weight.Shape[0], module.ColumnCount, isE4M3);
    }

    private static void RequireFloats(RawTensor tensor)
    {
        if (tensor.DTypeName is not ("F32" or "F16" or "BF16")) throw ModuleTensors.Fault(tensor, "scales or biases are in a number format that MLX does not give them", "F32, F16, BF16 or U8");
    }
}
