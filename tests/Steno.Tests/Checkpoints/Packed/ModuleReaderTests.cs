using Steno.Tensors;

namespace Steno.Tests.Checkpoints.Packed;

/// <summary>A matrix of each form, small enough to read by hand.</summary>
public sealed class ModuleReaderTests
{
    // 0 to 15 in order, two in a byte, the first in its low half.
    private static readonly byte[] Nibbles = [0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE];

    private static readonly float[] E2M1 = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, 0, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("2,1")]
    public void E4M3_bytes_are_multiplied_by_one_scale_or_by_one_for_each_row(string shape)
    {
        long[] dimensions = [.. shape.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        float[] scales = shape.StartsWith('2') ? [0.5f, 2] : [0.5f];
        using var module = new TestModule(2, TestModule.Bytes("weight", "F8_E4M3", [2, 2], 0x38, 0xB8, 0x7E, 0x01), TestModule.Floats("weight_scale", dimensions, scales), TestModule.Floats("input_scale", [], 3));

        float last = scales[^1];
        Assert.Equal([0.5f, -0.5f, 448 * last, last / 512], module.Values());
        Assert.Equal("FP8 (E4M3)", module.View().StoredAs);
    }

    [Theory]
    [InlineData("weight_scale_inv")]
    [InlineData("weight_scale")]
    public void E4M3_bytes_are_multiplied_by_the_scale_of_their_square(string name)
    {
        byte[] ones = [.. Enumerable.Repeat((byte)0x38, 130 * 129)];
        using var module = new TestModule(129, new StoredTensor("weight", "F8_E4M3", [130, 129], ones), TestModule.Floats(name, [2, 2], 1, 2, 3, 4));

        float[] values = module.Values();

        Assert.Equal([1f, 1f, 2f], [values[0], values[127], values[128]]);
        Assert.Equal([1f, 3f, 4f], [values[127 * 129], values[128 * 129], values[^1]]);
    }

    [Fact]
    public void Signed_bytes_are_multiplied_by_the_scale_of_their_row()
    {
        using var module = new TestModule(2, TestModule.Bytes("weight", "I8", [2, 2], 0x80, 0x7F, 0xFF, 0x00), TestModule.Floats("weight_scale", [2], 0.5f, 2));

        Assert.Equal([-64f, 63.5f, -2f, 0f], module.Values());
        Assert.Equal(8, module.View().Derived!.CodeBits);
    }

    [Fact]
    public void Zero_points_of_signed_bytes_are_taken_away_first()
    {
        using var module = new TestModule(
            2,
            TestModule.Bytes("weight", "I8", [2, 2], 0x80, 0x7F, 0xFF, 0x00),
            TestModule.Floats("weight_scale", [2, 1], 0.5f, 2),
            TestModule.Bytes("weight_zero_point", "I8", [2, 1], 0x01, 0xFE));

        Assert.Equal([-64.5f, 63f, 2f, 4f], module.Values());
    }

    [Fact]
    public void NVFP4_of_ModelOpt_is_multiplied_by_both_scales()
    {
        StoredTensor codes = TestModule.Bytes("weight", "U8", [2, 8], [.. Nibbles, .. Nibbles]);
        StoredTensor[] scales = [TestModule.Bytes("weight_scale", "F8_E4M3", [2, 1], 0x40, 0x38), TestModule.Floats("weight_scale_2", [], 0.25f), TestModule.Floats("input_scale", [], 7)];
        using var module = new TestModule(16, [codes, .. scales]);
        using var swapped = new TestModule(16, [TestModule.Swapped(codes), .. scales]);

        float[] expected = [.. E2M1.Select(value => value * 0.5f), .. E2M1.Select(value => value * 0.25f)];
        Assert.Equal(expected, module.Values());
        Assert.NotEqual(expected, swapped.Values());
    }

    [Fact]
    public void NVFP4_of_compressed_tensors_is_divided_by_the_common_scale()
    {
        StoredTensor codes = TestModule.Bytes("weight_packed", "U8", [2, 8], [.. Nibbles, .. Nibbles]);
        StoredTensor[] scales = [TestModule.Bytes("weight_scale", "F8_E4M3", [2, 1], 0x40, 0x38), TestModule.Floats("weight_global_scale", [1], 4), TestModule.Floats("input_global_scale", [1], 7)];
        using var module = new TestModule(16, [codes, .. scales]);
        using var swapped = new TestModule(16, [TestModule.Swapped(codes), .. scales]);

        float[] expected = [.. E2M1.Select(value => value * 0.5f), .. E2M1.Select(value => value * 0.25f)];
        Assert.Equal(expected, module.Values());
        Assert.NotEqual(expected, swapped.Values());
        Assert.Equal("NVFP4", module.View().StoredAs);
    }

    [Fact]
    public void Four_bit_integers_of_ModelOpt_lie_in_pairs_of_rows()
    {
        StoredTensor codes = TestModule.Bytes("weight", "U8", [2, 2], 0x8F, 0x71, 0x06, 0xE2);
        StoredTensor scales = TestModule.Floats("weight_scale", [4, 1], 1, 0.5f, 2, 10);
        using var module = new TestModule(2, codes, scales);
        using var swapped = new TestModule(2, TestModule.Swapped(codes), scales);

        float[] expected = [-1, 1, -4, 3.5f, 12, 4, 0, -20];
        Assert.Equal(expected, module.Values());
        Assert.NotEqual(expected, swapped.Values());
        Assert.Equal([4L, 2L], module.View().Shape);
    }

    [Fact]
    public void Columns_that_were_smoothed_are_scaled_back()
    {
        using var module = new TestModule(
            2,
            TestModule.Bytes("weight", "U8", [1, 2], 0x8F, 0x71),
            TestModule.Floats("weight_scale", [2, 1], 1, 0.5f),
            TestModule.Floats("pre_quant_scale", [2], 10, 100));

        Assert.Equal([-10f, 100f, -40f, 350f], module.Values());
        Assert.Equal(0, module.View().Derived!.CodeBits);
    }

    [Fact]
    public void Integers_of_compressed_tensors_lie_in_words()
    {
        StoredTensor codes = TestModule.Bytes("weight_packed", "I32", [2, 4], [.. Nibbles, .. Nibbles, .. Nibbles, .. Nibbles]);
        StoredTensor[] others = [TestModule.Floats("weight_scale", [2, 1], 0.5f, 2), TestModule.Integers("weight_shape", "I64", [2], 2, 32)];
        using var module = new TestModule(32, [codes, .. others]);
        using var swapped = new TestModule(32, [TestModule.Swapped(codes), .. others]);

        float[] steps = [.. Enumerable.Range(0, 32).Select(i => (float)((i % 16) - 8))];
        float[] expected = [.. steps.Select(step => step * 0.5f), .. steps.Select(step => step * 2)];
        Assert.Equal(expected, module.Values());
        Assert.NotEqual(expected, swapped.Values());
    }

    [Fact]
    public void Zero_points_of_compressed_tensors_are_packed_down_the_rows_and_groups_may_be_out_of_order()
    {
        StoredTensor codes = TestModule.Bytes("weight_packed", "I32", [2, 4], [.. Nibbles, .. Nibbles, .. Nibbles, .. Nibbles]);
        StoredTensor scales = TestModule.Floats("weight_scale", [2, 2], 1, 10, 100, 1000);
        StoredTensor shape = TestModule.Integers("weight_shape", "I32", [2], 2, 32);

        // Row 0 has zero points 1 and 2 above the lowest code, row 1 has 3 and 4: row 0 in the lower four bits of each word.
        StoredTensor zeros = TestModule.Integers("weight_zero_point", "I32", [1, 2], 0x31, 0x42);
        using var inOrder = new TestModule(32, codes, scales, shape, zeros);
        using var outOfOrder = new TestModule(32, codes, scales, shape, zeros, TestModule.Integers("weight_g_idx", "I32", [32], [.. Enumerable.Range(0, 32).Select(i => (long)(i % 2))]));

        float[] expected = inOrder.Values();
        Assert.Equal([-1f, 14f, -20f, 130f], [expected[0], expected[15], expected[16], expected[31]]);
        Assert.Equal([-300f, 1200f, -4000f, 11000f], [expected[32], expected[47], expected[48], expected[63]]);
        expected = outOfOrder.Values();
        Assert.Equal([-1f, -10f, 14f - 1, 130f], [expected[0], expected[1], expected[14], expected[31]]);
        Assert.Equal([-300f, -3000f], [expected[32], expected[33]]);
        Assert.Equal(0, outOfOrder.View().Derived!.CodeBits);
    }

    [Fact]
    public void A_stated_order_that_is_none_leaves_groups_as_they_are()
    {
        StoredTensor codes = TestModule.Bytes("weight_packed", "I32", [1, 16], [.. Enumerable.Repeat(Nibbles, 8).SelectMany(bytes => bytes)]);
        StoredTensor scales = TestModule.Floats("weight_scale", [1, 2], 1, 10);
        StoredTensor shape = TestModule.Integers("weight_shape", "I64", [2], 1, 128);
        using var plain = new TestModule(128, codes, scales, shape);
        using var ordered = new TestModule(128, codes, scales, shape, TestModule.Integers("weight_g_idx", "I32", [128], [.. Enumerable.Range(0, 128).Select(i => (long)(i / 64))]));
        using var unset = new TestModule(128, codes, scales, shape, TestModule.Integers("weight_g_idx", "I32", [128], [.. Enumerable.Repeat(-1L, 128)]));

        Assert.Equal(plain.Values(), ordered.Values());
        Assert.Equal(plain.Values(), unset.Values());
        Assert.Equal(4, ordered.View().Derived!.CodeBits);
    }

    [Fact]
    public void Affine_codes_of_MLX_have_scales_of_either_sign_and_biases()
    {
        StoredTensor codes = TestModule.Bytes("weight", "U32", [1, 8], [.. Enumerable.Repeat(Nibbles, 4).SelectMany(bytes => bytes)]);
        StoredTensor[] levels = [TestModule.Floats("scales", [1, 2], 0.5f, -2), TestModule.Floats("biases", [1, 2], -3, 4)];
        using var module = new TestModule(64, [codes, .. levels]);
        using var swapped = new TestModule(64, [TestModule.Swapped(codes), .. levels]);

        float[] expected = [.. Enumerable.Range(0, 32).Select(i => (i % 16 * 0.5f) - 3), .. Enumerable.Range(0, 32).Select(i => (i % 16 * -2f) + 4)];
        Assert.Equal(expected, module.Values());
        Assert.NotEqual(expected, swapped.Values());
        Assert.Equal("MLX 4 bits, groups of 32", module.View().StoredAs);
    }

    [Fact]
    public void Microscaling_numbers_of_MLX_have_a_power_of_two_for_32_columns()
    {
        StoredTensor codes = TestModule.Bytes("weight", "U32", [2, 4], [.. Enumerable.Repeat(Nibbles, 4).SelectMany(bytes => bytes)]);
        StoredTensor scales = TestModule.Bytes("scales", "U8", [2, 1], 128, 126);
        using var module = new TestModule(32, codes, scales);
        using var swapped = new TestModule(32, TestModule.Swapped(codes), scales);

        float[] expected = [.. E2M1.Concat(E2M1).Select(value => value * 2), .. E2M1.Concat(E2M1).Select(value => value / 2)];
        Assert.Equal(expected, module.Values());
        Assert.NotEqual(expected, swapped.Values());
        Assert.Equal(DType.Q8_0, module.View().DType);
    }

    // 2^100 is beyond F16: the blocks of Q8_0 cannot hold it, BF16 can.
    [Fact]
    public void Microscaling_numbers_with_scales_beyond_F16_are_held_in_BF16()
    {
        using var module = new TestModule(32, TestModule.Bytes("weight", "U32", [1, 4], [.. Nibbles, .. Nibbles]), TestModule.Bytes("scales", "U8", [1, 1], 227));

        Assert.Equal(DType.BF16, module.View().DType);
        Assert.Equal(6 * MathF.Pow(2, 100), module.Values()[7]);
    }

    [Fact]
    public void Nvfp4_and_mxfp8_of_MLX_are_told_by_bits_and_groups()
    {
        using var nvfp4 = new TestModule(32, TestModule.Bytes("weight", "U32", [1, 4], [.. Nibbles, .. Nibbles]), TestModule.Bytes("scales", "U8", [1, 2], 0x40, 0x30));
        Assert.Equal([.. E2M1.Select(value => value * 2), .. E2M1.Select(value => value / 2)], nvfp4.Values());
        Assert.Equal("nvfp4", nvfp4.View().StoredAs);

        using var mxfp8 = new TestModule(32, TestModule.Bytes("weight", "U32", [1, 8], [0x38, 0xB8, 0x7E, .. new byte[29]]), TestModule.Bytes("scales", "U8", [1, 1], 128));
        Assert.Equal([2f, -2f, 896f, 0f], mxfp8.Values()[..4]);
        Assert.Equal("mxfp8", mxfp8.View().StoredAs);
    }

    [Fact]
    public void What_a_simulated_quantisation_leaves_beside_plain_weights_does_no_harm()
    {
        using var module = new TestModule(2, TestModule.Floats("weight", [1, 2], 1, 2), TestModule.Floats("weight_quantizer._amax", [], 2), TestModule.Floats("input_quantizer._amax", [], 2), TestModule.Floats("bias", [1], 1));

        Assert.Equal([1f, 2f], module.Values());
        Assert.Equal("F32, quantisation only simulated", module.View().StoredAs);
    }
}
