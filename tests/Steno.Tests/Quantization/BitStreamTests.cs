using Steno.Quantization;
using Steno.Tests.Kernels;

namespace Steno.Tests.Quantization;

public sealed class BitStreamTests
{
    [Fact]
    public void Every_width_and_length_comes_back_bit_by_bit()
    {
        var random = new Random(3);
        for (int bits = 1; bits <= 8; bits++)
        {
            foreach (int count in Enumerable.Range(0, 140).Concat([255, 256, 257, 896, 1024]))
            {
                byte[] codes = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(1 << bits))];
                byte[] packed = Pack(codes, bits);
                Assert.Equal(packed.Length, BitStream.ByteCount(count, bits));

                // At the end of readable memory, so that a byte too far is a fault.
                using var source = new GuardedBuffer<byte>(packed.Length);
                packed.CopyTo(source.Span);
                byte[] actual = new byte[count];
                BitStream.Unpack(source.Span, bits, actual);
                Assert.Equal(codes, actual);
            }
        }
    }

    [Fact]
    public void The_first_code_is_in_the_lowest_bits()
    {
        byte[] codes = new byte[4];
        BitStream.Unpack([0x21, 0x43], 4, codes);
        Assert.Equal([1, 2, 3, 4], codes);

        // 5 bits: 1, then 2 across the end of the first byte.
        codes = new byte[2];
        BitStream.Unpack([0b010_00001, 0b000000_00], 5, codes);
        Assert.Equal([1, 2], codes);
    }

    private static byte[] Pack(byte[] codes, int bits)
    {
        byte[] packed = new byte[((codes.Length * bits) + 7) / 8];
        for (int bit = 0; bit < codes.Length * bits; bit++)
        {
            if (((codes[bit / bits] >> (bit % bits)) & 1) != 0) packed[bit / 8] |= (byte)(1 << (bit % 8));
        }

        return packed;
    }
}
