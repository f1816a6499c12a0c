using Steno.Tensors;

namespace Steno.Checkpoints.Packed;

/// <summary>Tells by number formats and shapes in which form the matrix of a module is stored.</summary>
internal static class ModuleReader
{
    private const string Weight = "weight";
    private const string ColumnFactors = "pre_quant_scale";
    private const string QuantizerColumnFactors = "input_quantizer._pre_quant_scale";

    // Parts of a matrix; what stands beside it and says something of the activations alone, or of what the quantiser has seen.
    private static readonly HashSet<string> Parts = new(StringComparer.Ordinal)
    {
        Weight, "weight_packed", "weight_scale", "weight_scale_inv", "weight_scale_2", "weight_global_scale", "weight_shape", "weight_zero_point", "weight_g_idx",
        "scales", "biases", ColumnFactors, QuantizerColumnFactors,
    };

    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "bias", "input_scale", "input_global_scale", "input_zero_point", "output_scale", "k_scale", "v_scale",
        "weight_quantizer._amax", "input_quantizer._amax", "output_quantizer._amax",
    };

    /// <summary>Parts without which a matrix would be read too, as another.</summary>
    public static IReadOnlyList<string> OptionalParts { get; } = ["weight_zero_point", "weight_g_idx", ColumnFactors, QuantizerColumnFactors];

    /// <summary>Finds the matrix of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="matrix">The matrix, of the shape that it has without packing.</param>
    /// <returns>False when the module has no matrix.</returns>
    /// <exception cref="ModelFormatException">Parts are missing, or contradict each other.</exception>
    /// <exception cref="UnsupportedModelException">The form is none that Steno reads.</exception>
    public static bool TryRead(ModuleTensors module, out TensorView matrix)
    {
        matrix = default;
        string[] known = [.. module.Suffixes.Where(suffix => !Ignored.Contains(suffix))];
        if (known.Length == 0) return false;
        if (known.FirstOrDefault(suffix => !Parts.Contains(suffix)) is { } other) throw module.Unsupported($"it has a tensor '{Formats.MessageText.Excerpt(other)}'");
        matrix = Read(module, out string[] used);
        if (known.FirstOrDefault(suffix => suffix is not (ColumnFactors or QuantizerColumnFactors) && !used.Contains(suffix)) is { } surplus && matrix.Note is null)
            throw module.Unsupported($"it has a tensor '{surplus}', which does not go with its {used[0]}");
        if ((module.Find(ColumnFactors) ?? module.Find(QuantizerColumnFactors)) is { } factors) matrix = ScaleColumns(module, matrix, factors);
        return true;
    }

    private static TensorView Read(ModuleTensors module, out string[] used)
    {
        if (module.Find("weight_packed") is { } packed)
        {
            bool isInteger = packed.DTypeName == "I32";
            used = isInteger
                ? ["weight_packed", "weight_scale", "weight_shape", "weight_zero_point", "weight_g_idx"]
                : ["weight_packed", "weight_scale", "weight_global_scale"];
            return isInteger ? IntegerForms.BitStreams(module, packed) : FloatForms.PackedFp4(module, packed);
        }

        RawTensor weight = module.Require(Weight);
        switch (weight.DTypeName)
        {
            case "U32":
                used = [Weight, "scales", "biases"];
                return MlxForms.Read(module, weight);
            case "F8_E4M3":
                used = module.Find("weight_scale_inv") is null ? [Weight, "weight_scale"] : [Weight, "weight_scale_inv"];
                return FloatForms.Fp8(module, weight);
            case "I8":
                used = [Weight, "weight_scale", "weight_zero_point"];
                return IntegerForms.Bytes(module, weight);
            case "U8" when module.Find("weight_scale") is { DTypeName: "F8_E4M3" or "U8" }:
                used = [Weight, "weight_scale", "weight_scale_2"];
                return FloatForms.Fp4(module, weight);
            case "U8":
                used = [Weight, "weight_scale"];
                return IntegerForms.RowPairs(module, weight);
            default:
                used = [Weight];
                return Plain(module);
        }
    }

    // What a quantiser has left beside plain weights says how they would be quantised: they are not yet.
    private static TensorView Plain(ModuleTensors module)
    {
        module.TryGetPlain(Weight, out TensorView plain);
        bool isSimulated = module.Suffixes.Any(suffix => suffix.Contains("_quantizer.", StringComparison.Ordinal) || suffix is "weight_scale" or "weight_zero_point" or "weight_g_idx" or "weight_scale_2" or "weight_global_scale");
        return isSimulated ? plain with { Note = $"{plain.DType}, quantisation only simulated" } : plain;
    }

    private static TensorView ScaleColumns(ModuleTensors module, in TensorView matrix, RawTensor factors)
    {
        if (factors.Shape is not [long length] || length != module.ColumnCount || factors.DTypeName is not ("F32" or "F16" or "BF16"))
            throw ModuleTensors.Fault(factors, "the factors of the columns do not fit their matrix", $"F32, F16 or BF16 [{module.ColumnCount}]");
        return new TensorView(new ScaledColumns(new LoadedElements(matrix), ScaleGrid.ReadAll(factors)), matrix.Name, matrix.File, DType.BF16, matrix.Shape);
    }
}
