using System.Runtime.InteropServices;
using Steno.Tensors;

namespace Steno.Tests.Quantization;

public sealed unsafe class GgmlGoldenTests
{
    public static TheoryData<string> ReadTypes => [.. Enum.GetNames<DType>().Except(["F32"], StringComparer.Ordinal)];

    public static TheoryData<string> WrittenTypes => ["F16", "BF16", "Q8_0", "Q4_0", "Q5_0", "Q4_K", "Q5_K", "Q6_K"];

    [Theory]
    [MemberData(nameof(ReadTypes))]
    public void Blocks_of_ggml_expand_to_the_values_of_ggml_bit_for_bit(string name)
    {
        DType type = Enum.Parse<DType>(name);
        float[] actual = Expand(type, GgmlGolden.Blocks(type));

        Assert.Equal(MemoryMarshal.Cast<float, uint>(GgmlGolden.Values(type)).ToArray(), MemoryMarshal.Cast<float, uint>(actual).ToArray());
    }

    [Theory]
    [MemberData(nameof(WrittenTypes))]
    public void Values_become_the_blocks_of_ggml_byte_for_byte(string name)
    {
        DType type = Enum.Parse<DType>(name);
        byte[] expected = GgmlGolden.Blocks(type);
        byte[] actual = new byte[expected.Length];
        TensorEncoding.Encode(GgmlGolden.Input, type, actual);

        int blockBytes = DTypeInfo.Of(type).BlockBytes;
        Assert.Equal([], Enumerable.Range(0, expected.Length / blockBytes).Where(i => !expected.AsSpan(i * blockBytes, blockBytes).SequenceEqual(actual.AsSpan(i * blockBytes, blockBytes))));
    }

    private static float[] Expand(DType type, byte[] blocks)
    {
        float[] values = new float[GgmlGolden.Input.Length];
        fixed (byte* data = blocks) new TensorView("t", "f", type, [GgmlGolden.RowCount, GgmlGolden.ColumnCount], data).CopyTo(values);
        return values;
    }
}
