using Steno.Tensors;

namespace Steno.Tests.Checkpoints.Packed;

/// <summary>Matrices whose parts are missing, contradict each other or are of a form that Steno does not read: each is refused by name.</summary>
public sealed class ModuleFaultTests
{
    private static readonly byte[] Words = new byte[32];

    [Fact]
    public void A_missing_part_is_named()
    {
        AssertFault("a part of a quantised matrix is missing; tensor m.x.scales", 64, Codes());
        AssertFault("a part of a quantised matrix is missing; tensor m.x.biases", 64, Codes(), TestModule.Floats("scales", [1, 1], 1));
        AssertFault("a part of a quantised matrix is missing; tensor m.x.weight_scale", 2, TestModule.Bytes("weight", "F8_E4M3", [1, 2], 0, 0));
        AssertFault("a part of a quantised matrix is missing; tensor m.x.weight_scale", 2, TestModule.Bytes("weight", "I8", [1, 2], 0, 0));
        AssertFault("a part of a quantised matrix is missing; tensor m.x.weight_scale_2", 16, TestModule.Bytes("weight", "U8", [1, 8], new byte[8]), TestModule.Bytes("weight_scale", "F8_E4M3", [1, 1], 0x38));
        AssertFault("a part of a quantised matrix is missing; tensor m.x.weight_global_scale", 16, TestModule.Bytes("weight_packed", "U8", [1, 8], new byte[8]), TestModule.Bytes("weight_scale", "F8_E4M3", [1, 1], 0x38));
        AssertFault("a part of a quantised matrix is missing; tensor m.x.weight_shape", 32, TestModule.Bytes("weight_packed", "I32", [1, 4], new byte[16]), TestModule.Floats("weight_scale", [1, 1], 1));
        AssertFault("a part of a quantised matrix is missing; tensor m.x.weight;", 64, TestModule.Floats("scales", [1, 1], 1), TestModule.Floats("biases", [1, 1], 1));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        AssertFault("the codes do not fill the rows of the matrix; tensor m.x.weight", 60, Codes(), TestModule.Floats("scales", [1, 1], 1), TestModule.Floats("biases", [1, 1], 1));
        AssertFault("the codes do not fill the rows of the matrix; tensor m.x.weight", 256, Codes(), TestModule.Floats("scales", [1, 1], 1), TestModule.Floats("biases", [1, 1], 1));
        AssertFault("the groups do not divide the rows of the matrix; tensor m.x.scales", 64, Codes(), TestModule.Floats("scales", [1, 3], 1, 1, 1), TestModule.Floats("biases", [1, 3], 1, 1, 1));
        AssertFault("scales and biases have different shapes; tensor m.x.biases", 64, Codes(), TestModule.Floats("scales", [1, 2], 1, 1), TestModule.Floats("biases", [1, 1], 1));
        AssertFault("the scales do not fit their matrix; tensor m.x.scales", 64, Codes(), TestModule.Floats("scales", [2, 1], 1, 1), TestModule.Floats("biases", [2, 1], 1, 1));
        AssertFault("scales or biases are in a number format that MLX does not give them; tensor m.x.scales", 64, Codes(), TestModule.Integers("scales", "I32", [1, 1], 1), TestModule.Floats("biases", [1, 1], 1));
        AssertFault("the scales do not fit their matrix; tensor m.x.weight_scale_inv", 2, TestModule.Bytes("weight", "F8_E4M3", [1, 2], 0, 0), TestModule.Floats("weight_scale_inv", [2], 1, 1));
        AssertFault("the scales do not fit their matrix; tensor m.x.weight_scale", 3, TestModule.Bytes("weight", "F8_E4M3", [1, 3], 0, 0, 0), TestModule.Floats("weight_scale", [1, 2], 1, 1));
        AssertFault("the scales of NVFP4 do not come in groups of 16; tensor m.x.weight_scale", 32, TestModule.Bytes("weight", "U8", [1, 16], new byte[16]), TestModule.Bytes("weight_scale", "F8_E4M3", [1, 1], 0x38), TestModule.Floats("weight_scale_2", [], 1));
        AssertFault("the codes do not fill the rows of the matrix; tensor m.x.weight", 4, TestModule.Bytes("weight", "U8", [1, 2], 0, 0), TestModule.Floats("weight_scale", [2, 1], 1, 1));
        AssertFault("weight_shape contradicts the packed weights; tensor m.x.weight_shape", 32, TestModule.Bytes("weight_packed", "I32", [1, 4], new byte[16]), TestModule.Floats("weight_scale", [1, 1], 1), TestModule.Integers("weight_shape", "I64", [2], 1, 31));
        AssertFault("the zero points do not fit their matrix; tensor m.x.weight_zero_point", 32, TestModule.Bytes("weight_packed", "I32", [1, 4], new byte[16]), TestModule.Floats("weight_scale", [1, 1], 1), TestModule.Integers("weight_shape", "I64", [2], 1, 32), TestModule.Integers("weight_zero_point", "I32", [1, 2], 0, 0));
        AssertFault("a column belongs to no group; tensor m.x.weight_g_idx", 32, TestModule.Bytes("weight_packed", "I32", [1, 4], new byte[16]), TestModule.Floats("weight_scale", [1, 1], 1), TestModule.Integers("weight_shape", "I64", [2], 1, 32), TestModule.Integers("weight_g_idx", "I32", [32], [.. Enumerable.Repeat(1L, 32)]));
        AssertFault("the factors of the columns do not fit their matrix; tensor m.x.pre_quant_scale", 2, TestModule.Bytes("weight", "I8", [1, 2], 0, 0), TestModule.Floats("weight_scale", [1], 1), TestModule.Floats("pre_quant_scale", [1], 1));

        // Below 32 columns several widths fill the same number of words.
        AssertFault("the codes do not fill the rows of the matrix; tensor m.x.weight_packed", 16, TestModule.Bytes("weight_packed", "I32", [1, 2], new byte[8]), TestModule.Floats("weight_scale", [1, 1], 1), TestModule.Integers("weight_shape", "I64", [2], 1, 16));
    }

    [Theory]
    [InlineData(0x7F)]
    [InlineData(0xFF)]
    public void A_number_that_is_none_is_found(byte code)
    {
        using var module = new TestModule(2, TestModule.Bytes("weight", "F8_E4M3", [1, 2], 0x38, code), TestModule.Floats("weight_scale", [], 1));

        string message = Assert.Throws<ModelFormatException>(module.Values).Message;

        Assert.Contains("a weight is not a finite number; tensor m.x.weight; expected finite numbers; found NaN at element 1 of shape [1, 2]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_that_is_no_number_is_found_before_codes_are_used()
    {
        using var module = new TestModule(64, Codes(), TestModule.Floats("scales", [1, 1], float.PositiveInfinity), TestModule.Floats("biases", [1, 1], 0));
        using LoadedElements loaded = module.View().Load(0, 64);
        TensorView view = loaded.Tensor;
        byte[] blocks = new byte[72];

        Assert.Contains("a weight is not a finite number; tensor m.x.weight", Assert.Throws<ModelFormatException>(() => view.ReadCodes(0, blocks)).Message, StringComparison.Ordinal);
    }

    // What GPTQ, AWQ, bitsandbytes, quanto, EXL3, torchao, SVDQuant and ModelOpt's own state call their parts.
    [Theory]
    [InlineData("qweight")]
    [InlineData("qzeros")]
    [InlineData("weight.absmax")]
    [InlineData("weight._data")]
    [InlineData("trellis")]
    [InlineData("weight_qdata")]
    [InlineData("svdquant_lora_a")]
    [InlineData("weight_quantizer._scale")]
    public void A_part_of_another_form_is_named(string part)
    {
        using var module = new TestModule(2, TestModule.Bytes("weight", "U8", [1, 2], 0, 0), TestModule.Floats(part, [1], 1));

        string message = Assert.Throws<UnsupportedModelException>(() => module.View()).Message;

        Assert.Contains($"m.x is stored in a form that Steno does not read: it has a tensor '{part}'. Fetch the original model", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_two_forms_at_once_are_refused()
    {
        using var module = new TestModule(2, TestModule.Bytes("weight", "I8", [1, 2], 0, 0), TestModule.Floats("weight_scale", [1], 1), TestModule.Floats("weight_scale_2", [], 1));

        Assert.Contains("it has a tensor 'weight_scale_2', which does not go with its weight", Assert.Throws<UnsupportedModelException>(() => module.View()).Message, StringComparison.Ordinal);
    }

    private static StoredTensor Codes() => TestModule.Bytes("weight", "U32", [1, 8], Words);

    private static void AssertFault(string message, int columns, params StoredTensor[] parts)
    {
        using var module = new TestModule(columns, parts);
        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => module.View());
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Expected);
    }
}
