using Steno.Quantization;

namespace Steno.Tests.Quantization;

/// <summary>The number formats of the OCP specifications, against their definitions in double precision.</summary>
public sealed class SmallFloatTests
{
    [Fact]
    public void Every_code_of_E4M3_has_its_value()
    {
        Assert.Equal(256, E4M3.Values.Length);
        for (int code = 0; code < 256; code++)
        {
            double sign = code < 128 ? 1 : -1;
            int exponent = code / 8 % 16;
            int fraction = code % 8;
            double expected = exponent == 0 ? sign * fraction / 8 * Math.Pow(2, -6) : sign * (1 + (fraction / 8.0)) * Math.Pow(2, exponent - 7);
            if (code % 128 == 127) expected = double.NaN;
            Assert.Equal(expected, E4M3.Values[code]);
        }
    }

    [Theory]
    [InlineData(0x00, 0f)]
    [InlineData(0x01, 0.001953125f)]
    [InlineData(0x07, 0.013671875f)]
    [InlineData(0x08, 0.015625f)]
    [InlineData(0x38, 1f)]
    [InlineData(0xB8, -1f)]
    [InlineData(0x7E, 448f)]
    [InlineData(0xFE, -448f)]
    [InlineData(0x7F, float.NaN)]
    [InlineData(0xFF, float.NaN)]
    public void The_named_values_of_E4M3_are_the_specification_s(int code, float value) => Assert.Equal(value, E4M3.Values[code]);

    [Fact]
    public void Every_code_of_E2M1_has_its_value()
    {
        Assert.Equal([0f, 0.5f, 1f, 1.5f, 2f, 3f, 4f, 6f, 0f, -0.5f, -1f, -1.5f, -2f, -3f, -4f, -6f], E2M1.Values.ToArray());
        for (int code = 0; code < 16; code++)
        {
            int exponent = code / 2 % 4;
            double magnitude = exponent == 0 ? code % 2 * 0.5 : (1 + (code % 2 * 0.5)) * Math.Pow(2, exponent - 1);
            Assert.Equal((code < 8 ? 1 : -1) * magnitude, E2M1.Values[code]);
            Assert.Equal(2 * E2M1.Values[code], E2M1.Halves[code]);
        }
    }

    [Fact]
    public void Every_code_of_E2M1_is_multiplied_by_a_scale_at_every_length()
    {
        foreach (float scale in new[] { 1f, 0.3f, -1.7f, 448f, 1e-40f, 0f, float.NaN })
        {
            foreach (int length in Enumerable.Range(0, 40))
            {
                byte[] codes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 5 % 16))];
                float[] actual = new float[length];
                E2M1.Expand(codes, scale, actual);
                for (int i = 0; i < length; i++) Assert.Equal(E2M1.Values[codes[i]] * scale, actual[i]);
            }
        }
    }

    [Fact]
    public void Every_code_of_E8M0_is_a_power_of_two()
    {
        for (int code = 0; code < 255; code++) Assert.Equal(Math.Pow(2, code - 127), E8M0.Values[code]);
        Assert.True(float.IsNaN(E8M0.Values[255]));
    }
}
