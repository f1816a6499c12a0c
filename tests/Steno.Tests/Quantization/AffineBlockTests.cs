using Steno.Quantization;

namespace Steno.Tests.Quantization;

public sealed class AffineBlockTests
{
    [Fact]
    public void Every_code_of_every_width_becomes_the_number_that_scale_offset_and_bias_make_of_it()
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        foreach (int length in new[] { 0, 1, 7, 8, 9, 15, 16, 64, 255, 256 })
        {
            foreach ((float scale, float offset, float bias) in new[] { (0.0123f, 0f, -0.4f), (-0.75f, 0f, 3f), (1.1f, 128f, 0f), (0.3f, 8f, 0f), (1e-30f, 255f, 0f) })
            {
                float[] actual = new float[length];
                AffineBlock.Expand(codes.AsSpan(0, length), scale, offset, bias, actual);
                for (int i = 0; i < length; i++) Assert.Equal((float)(scale * (i - offset)) + bias, actual[i]);
            }
        }
    }

    [Theory]
    [InlineData(1f, 2f, -1)]
    [InlineData(float.NaN, 2f, 1)]
    [InlineData(1f, float.NegativeInfinity, 1)]
    [InlineData(3e38f, 0f, 1)]
    public void A_block_with_a_scale_or_minimum_that_is_no_number_is_found(float scale, float minimum, int index)
    {
        byte[] blocks = new byte[3 * AffineBlock.ByteCount];
        AffineBlock.WriteLevels(blocks.AsSpan(AffineBlock.ByteCount), scale, minimum);

        Assert.Equal(index, AffineBlock.IndexOfNotFinite(blocks));
    }
}
