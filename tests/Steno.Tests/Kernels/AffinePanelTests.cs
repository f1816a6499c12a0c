using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed class AffinePanelTests
{
    public static TheoryData<string> Formats => [.. Enum.GetValues<WeightFormat>().Where(format => format >= WeightFormat.Affine4).Select(format => format.ToString())];

    [Theory, MemberData(nameof(Formats))]
    public void A_row_comes_back_as_its_codes_scales_and_minimums_say(string name)
    {
        WeightFormat format = Enum.Parse<WeightFormat>(name);
        foreach (int columns in new[] { 32, 33, 64, 65, 96, 100, 128, 191, 896 })
        {
            using var matrix = new PackedMatrix(format, rowCount: 37, columns);
            using var values = GuardedBuffer<float>.Random(37 * columns, seed: columns, scale: 3f);
            float[][] expected = new float[37][];
            for (int row = 0; row < 37; row++) expected[row] = AffineRows.Set(matrix, row, values.Span.Slice(row * columns, columns));
            float[] actual = new float[columns];
            for (int row = 0; row < 37; row++)
            {
                matrix.CopyRow(row, actual);
                Assert.Equal(expected[row], actual);
            }
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void Panels_take_the_bytes_that_are_promised(string name)
    {
        WeightFormat format = Enum.Parse<WeightFormat>(name);
        double bytes = format switch { WeightFormat.Affine4 => 0.625, WeightFormat.Affine6 => 0.875, _ => 1.125 };

        using var matrix = new PackedMatrix(format, rowCount: 32, columnCount: 128);

        Assert.Equal(bytes * 32 * 128, matrix.ByteCount);
    }

    [Fact]
    public void Numbers_cannot_be_made_into_codes_that_a_file_must_give()
    {
        using var matrix = new PackedMatrix(WeightFormat.Affine4, rowCount: 1, columnCount: 64);

        Assert.Throws<ArgumentException>(() => matrix.SetRow(0, new float[64]));
    }
}
