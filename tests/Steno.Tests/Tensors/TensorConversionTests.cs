using Steno.Tensors;

namespace Steno.Tests.Tensors;

public sealed unsafe class TensorConversionTests
{
    [Fact]
    public void Every_finite_f16_widens_to_the_value_that_the_runtime_gives_it()
    {
        ushort[] bits = [.. Enumerable.Range(0, 65536).Select(value => (ushort)value).Where(value => Half.IsFinite(BitConverter.UInt16BitsToHalf(value)))];

        float[] actual = Read(DType.F16, bits);

        Assert.Equal(63488, bits.Length);
        for (int i = 0; i < bits.Length; i++)
            Assert.Equal(BitConverter.SingleToUInt32Bits((float)BitConverter.UInt16BitsToHalf(bits[i])), BitConverter.SingleToUInt32Bits(actual[i]));
    }

    [Fact]
    public void F16_widens_to_values_worked_out_by_hand()
    {
        float[] actual = Read<ushort>(DType.F16, [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C00, 0xC000, 0x3555, 0x7BFF, 0, 0, 0, 0, 0, 0, 0, 0x0001, 0x7BFF]);

        Assert.Equal([0f, -0f, 1f / 16777216, -1023f / 16777216, 1f / 16384, 1f, -2f, 1365f / 4096, 65504f], actual[..9]);
        Assert.True(float.IsNegative(actual[1]));
        Assert.Equal([1f / 16777216, 65504f], actual[16..]);
    }

    [Fact]
    public void Every_finite_bf16_widens_to_the_number_whose_upper_half_it_is()
    {
        ushort[] bits = [.. Enumerable.Range(0, 65536).Select(value => (ushort)value).Where(value => (value & 0x7F80) != 0x7F80)];

        float[] actual = Read(DType.BF16, bits);

        for (int i = 0; i < bits.Length; i++) Assert.Equal((uint)bits[i] * 65536, BitConverter.SingleToUInt32Bits(actual[i]));
        Assert.Equal([1f, -2f, 0.15625f], Read<ushort>(DType.BF16, [0x3F80, 0xC000, 0x3E20]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(31)]
    public void F32_is_copied_bit_for_bit(int count)
    {
        float[] values = [.. Enumerable.Range(1, count).Select(i => (i % 2 == 0 ? -1 : 1) * float.Epsilon * i)];

        Assert.Equal(values, Read(DType.F32, values));
    }

    [Theory]
    [InlineData(0x7F80, DType.BF16, "Infinity")]
    [InlineData(0xFF80, DType.BF16, "-Infinity")]
    [InlineData(0x7FC0, DType.BF16, "NaN")]
    [InlineData(0x7F81, DType.BF16, "NaN")]
    [InlineData(0x7C00, DType.F16, "Infinity")]
    [InlineData(0xFC01, DType.F16, "NaN")]
    [InlineData(0x7F800000, DType.F32, "Infinity")]
    [InlineData(0xFFC00000, DType.F32, "NaN")]
    public void A_weight_that_is_not_finite_is_named_wherever_it_stands(uint pattern, object dtype, string value)
    {
        const int Count = 37;
        for (int position = 0; position < Count; position++)
        {
            var elements = new uint[Count];
            elements[position] = pattern;

            string expected = $"broken.safetensors: a weight is not a finite number; tensor layer.weight; expected finite numbers; found {value} at element {position} of shape [37].";
            Assert.Equal(expected, Assert.Throws<ModelFormatException>(() => ReadPatterns((DType)dtype, elements)).Message);
            Assert.Equal(expected, Assert.Throws<ModelFormatException>(() => CheckPatterns((DType)dtype, elements)).Message);
        }
    }

    [Fact]
    public void Some_elements_can_be_read_out_of_a_matrix()
    {
        float[] source = [1, 2, 3, 4, 5, 6];
        fixed (float* data = source)
        {
            var tensor = new TensorView("t", "f", DType.F32, [3, 2], (byte*)data);
            float[] row = new float[2];
            tensor.CopyTo(4, row);

            Assert.Equal([5f, 6f], row);
            Assert.Throws<ArgumentOutOfRangeException>(() => tensor.CopyTo(5, row));
            Assert.Throws<ArgumentOutOfRangeException>(() => tensor.CopyTo(-1, row));
            Assert.Throws<ArgumentException>(() => tensor.CopyTo(row));
        }
    }

    private static float[] ReadPatterns(DType dtype, uint[] patterns) =>
        dtype == DType.F32 ? Read(dtype, patterns) : Read(dtype, Array.ConvertAll(patterns, pattern => (ushort)pattern));

    private static void CheckPatterns(DType dtype, uint[] patterns)
    {
        byte[] bytes = [.. patterns.SelectMany(pattern => BitConverter.GetBytes(pattern)[..(dtype == DType.F32 ? 4 : 2)])];
        fixed (byte* data = bytes) new TensorView("layer.weight", "broken.safetensors", dtype, [patterns.Length], data).RequireFinite(0, patterns.Length);
    }

    // One byte past the start of a buffer, as tensors of a file may be.
    private static float[] Read<T>(DType dtype, T[] elements)
        where T : unmanaged
    {
        byte[] bytes = new byte[1 + (elements.Length * sizeof(T))];
        fixed (T* source = elements)
        fixed (byte* data = bytes)
        {
            new ReadOnlySpan<byte>(source, bytes.Length - 1).CopyTo(bytes.AsSpan(1));
            var tensor = new TensorView("layer.weight", "broken.safetensors", dtype, [elements.Length], data + 1);
            using AlignedBuffer<float> buffer = tensor.ReadFloats();
            float[] copy = new float[elements.Length];
            tensor.CopyTo(copy);
            Assert.Equal(copy, buffer.Span.ToArray());
            return copy;
        }
    }
}
