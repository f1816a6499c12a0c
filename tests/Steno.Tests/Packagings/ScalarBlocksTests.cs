using Steno.Tensors;

namespace Steno.Tests.Packagings;

/// <summary>Every code of every type, at every place of a block, against the scalar oracle.</summary>
public sealed unsafe class ScalarBlocksTests
{
    public static TheoryData<string> Types => [.. Enum.GetNames<DType>().Where(ScalarBlocks.IsQuantized)];

    public static TheoryData<string> TypesWithTwoCodesInAByte => [.. Enum.GetNames<DType>().Where(ScalarBlocks.IsQuantized).Except(["Q8_0"], StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_code_at_every_place_has_the_value_of_the_oracle(string type)
    {
        byte[] blocks = AllCodes(type);

        Assert.Equal(ScalarBlocks.Decode(type, blocks), Expand(type, blocks));
    }

    [Theory]
    [MemberData(nameof(TypesWithTwoCodesInAByte))]
    public void Halves_of_bytes_in_the_wrong_order_are_found(string type)
    {
        byte[] blocks = AllCodes(type);
        byte[] swapped = [.. blocks];
        (int offset, int length) = ScalarBlocks.CodeBytes(type).GetOffsetAndLength(ScalarBlocks.BlockBytes(type));
        for (int i = 0; i < swapped.Length; i++)
        {
            int place = i % ScalarBlocks.BlockBytes(type);
            if (place >= offset && place < offset + length) swapped[i] = (byte)((swapped[i] >> 4) | (swapped[i] << 4));
        }

        Assert.NotEqual(ScalarBlocks.Decode(type, blocks), Expand(type, swapped));
        Assert.Equal(ScalarBlocks.Decode(type, swapped), Expand(type, swapped));
    }

    // In block n the byte at place p is n + 7p: every byte takes every value, and with it every code, scale and bit. The fields in F16 are numbers.
    private static byte[] AllCodes(string type)
    {
        int blockBytes = ScalarBlocks.BlockBytes(type);
        byte[] blocks = new byte[256 * blockBytes];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = (byte)((i / blockBytes) + (7 * (i % blockBytes)));
        int[] scales = type switch
        {
            "Q4_1" or "Q5_1" or "Q4_K" or "Q5_K" => [0, 2],
            "Q2_K" => [80, 82],
            "Q3_K" => [108],
            "Q6_K" => [208],
            _ => [0],
        };
        for (int block = 0; block < 256; block++)
        {
            foreach (int scale in scales) BitConverter.GetBytes((Half)((block - 100.5f) / (37 + scale))).CopyTo(blocks, (block * blockBytes) + scale);
        }

        return blocks;
    }

    private static float[] Expand(string type, byte[] blocks)
    {
        DType dtype = Enum.Parse<DType>(type);
        float[] values = new float[blocks.Length / ScalarBlocks.BlockBytes(type) * ScalarBlocks.BlockLength(type)];
        fixed (byte* data = blocks) new TensorView("t", "f", dtype, [values.Length], data).CopyTo(values);
        return values;
    }
}
