using Steno.Tensors;

namespace Steno.Tests.Quantization;

public sealed unsafe class BlockScalesTests
{
    public static TheoryData<string> Types => [.. Enum.GetValues<DType>().Where(type => DTypeInfo.Of(type).IsQuantized).Select(type => type.ToString())];

    // Every pair of bytes of a block in turn becomes a NaN: where that makes weights NaN, and nowhere else, the block is found.
    [Theory, MemberData(nameof(Types))]
    public void A_scale_that_is_not_a_number_is_found_and_nothing_else_is_taken_for_one(string name)
    {
        DType type = Enum.Parse<DType>(name);
        DTypeInfo info = DTypeInfo.Of(type);
        byte[] golden = GgmlGolden.Blocks(type);
        Assert.Equal(-1, info.IndexOfNotFinite!(golden));

        var found = new List<int>();
        for (int place = 0; place < info.BlockBytes; place += 2)
        {
            foreach (ushort bits in new ushort[] { 0x7C00, 0xFC00, 0x7E01 })
            {
                byte[] blocks = golden[..(7 * info.BlockBytes)];
                BitConverter.GetBytes(bits).CopyTo(blocks, (3 * info.BlockBytes) + place);
                bool isFinite = Expand(type, blocks).All(float.IsFinite);
                Assert.Equal(isFinite ? -1 : 3, info.IndexOfNotFinite(blocks));
                if (!isFinite && !found.Contains(place)) found.Add(place);
            }
        }

        bool hasMinimum = type is DType.Q4_1 or DType.Q5_1 or DType.Q2_K or DType.Q4_K or DType.Q5_K;
        Assert.Equal(hasMinimum ? 2 : 1, found.Count);
    }

    [Fact]
    public void The_first_of_several_is_found_and_a_fault_says_where_it_lies()
    {
        DTypeInfo info = DTypeInfo.Of(DType.Q4_K);
        byte[] blocks = GgmlGolden.Blocks(DType.Q4_K)[..(4 * info.BlockBytes)];
        BitConverter.GetBytes((ushort)0x7C00).CopyTo(blocks, 3 * info.BlockBytes);
        BitConverter.GetBytes((ushort)0x7C00).CopyTo(blocks, (2 * info.BlockBytes) + 2);
        Assert.Equal(2, info.IndexOfNotFinite!(blocks));

        fixed (byte* data = blocks)
        {
            var tensor = new TensorView("t", "f.gguf", DType.Q4_K, [2, 512], data, fileOffset: 1000);
            tensor.RequireFinite(0, 512);
            ModelFormatException fault = Assert.Throws<ModelFormatException>(() => tensor.RequireFinite(256, 768));
            Assert.Equal(("f.gguf", "t", 1000 + (2L * info.BlockBytes), "finite numbers"), (fault.File, fault.Tensor, fault.Offset, fault.Expected));
            Assert.StartsWith("-∞ at element 512 of shape [2, 512]", fault.Found!.Replace("-Infinity", "-∞", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    private static float[] Expand(DType type, byte[] blocks)
    {
        DTypeInfo info = DTypeInfo.Of(type);
        float[] values = new float[blocks.Length / info.BlockBytes * info.BlockLength];
        for (int i = 0; i < blocks.Length / info.BlockBytes; i++)
            info.Dequantize!(blocks.AsSpan(i * info.BlockBytes, info.BlockBytes), values.AsSpan(i * info.BlockLength, info.BlockLength));
        return values;
    }
}
