using Steno.Kernels;

namespace Steno.Tests.Kernels;

public sealed unsafe class QuantizedRowsTests
{
    public static TheoryData<string> Paths => KernelCases.Paths;

    [Theory, MemberData(nameof(Paths))]
    public void Codes_times_the_factor_are_the_row_to_half_a_step(string path)
    {
        foreach (int width in KernelCases.Lengths)
        {
            foreach (int rowCount in new[] { 1, 2, 6 })
            {
                using var rows = GuardedBuffer<float>.Random(rowCount * width, seed: width, scale: 3);
                using Tile tile = Tile.Of(rows, rowCount, width, WeightFormat.Q8, KernelCases.Path(path));
                for (int row = 0; row < rowCount; row++)
                {
                    for (int column = 0; column < width; column++)
                    {
                        float factor = tile.Factor(row, column / 32);
                        Assert.Equal(rows.Span[(row * width) + column], factor * tile.Code(row, column), 0.5001f * factor);
                    }
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void The_largest_value_of_a_block_takes_the_last_code(string path)
    {
        float[] values = new float[64];
        values[3] = -5;
        values[40] = 1e-30f;
        values[41] = 1;
        using Tile tile = Tile.Of(values, 1, 64, WeightFormat.Q8, KernelCases.Path(path));
        Assert.Equal(-127, tile.Code(0, 3));
        Assert.Equal(127, tile.Code(0, 41));
        Assert.Equal(0, tile.Code(0, 40));
        Assert.Equal(5f / 127, tile.Factor(0, 0), 1e-8f);
    }

    [Theory, MemberData(nameof(Paths))]
    public void The_correction_is_the_offset_times_the_sum_of_the_codes(string path)
    {
        const int Width = 100;
        foreach (WeightFormat format in KnownWeights.Formats)
        {
            using var rows = GuardedBuffer<float>.Random(5 * Width, seed: 9);
            using Tile tile = Tile.Of(rows, 5, Width, format, KernelCases.Path(path));
            for (int row = 0; row < 5; row++)
            {
                for (int block = 0; block < 4; block++)
                {
                    int sum = Enumerable.Range(block * 32, Math.Min(32, Width - (block * 32))).Sum(column => tile.Code(row, column));
                    if (PanelFormats.HasMinimums(format)) Assert.Equal(-tile.Factor(row, block) * sum, BitConverter.Int32BitsToSingle(tile.Correction(row, block)));
                    else Assert.Equal(-PanelFormats.CodeOffset(format) * sum, tile.Correction(row, block));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Zeros_and_rows_that_are_not_there_cost_nothing_but_zeros(string path)
    {
        float[] values = new float[2 * 40];
        using Tile tile = Tile.Of(values, 2, 40, WeightFormat.Q8, KernelCases.Path(path));
        for (int row = 0; row < 6; row++)
        {
            for (int column = 0; column < 64; column++) Assert.Equal(0, tile.Code(row, column));
            Assert.Equal(0f, tile.Factor(row, 0));
            Assert.Equal(0, tile.Correction(row, 1));
        }
    }

    // Around 3.7e-37 the inverse of the factor leaves the numbers of 32 bits, further down the factor the normal ones.
    [Theory, MemberData(nameof(Paths))]
    public void Blocks_of_tiny_values_are_zero_or_right_and_the_same_on_every_path(string path)
    {
        foreach (float largest in new[] { 1e-35f, 3.1e-36f, 3e-36f, 1e-36f, 4e-37f, 3.7e-37f, 3e-37f, 1e-38f, 1e-40f, float.Epsilon })
        {
            float[] values = [.. Enumerable.Range(0, 64).Select(i => i < 32 ? largest * (i - 16) / 16 : 0)];
            using Tile tile = Tile.Of(values, 1, 64, WeightFormat.Q8, KernelCases.Path(path));
            using Tile scalar = Tile.Of(values, 1, 64, WeightFormat.Q8, KernelPath.Scalar);
            Assert.Equal(scalar.Factor(0, 0), tile.Factor(0, 0));
            Assert.Equal(scalar.Correction(0, 0), tile.Correction(0, 0));
            Assert.True(tile.Factor(0, 0) == 0 || float.IsNormal(tile.Factor(0, 0)));
            for (int column = 0; column < 32; column++)
            {
                Assert.Equal(scalar.Code(0, column), tile.Code(0, column));
                Assert.Equal(largest < MathF.ScaleB(1, -118) ? 0 : values[column], tile.Factor(0, 0) * tile.Code(0, column), 0.5001f * tile.Factor(0, 0));
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Nan_and_infinity_are_not_lost(string path)
    {
        foreach (float bad in new[] { float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            for (int column = 0; column < 32; column += 5)
            {
                float[] values = [.. Enumerable.Repeat(1f, 32)];
                values[column] = bad;
                using Tile tile = Tile.Of(values, 1, 32, WeightFormat.Q8, KernelCases.Path(path));
                Assert.False(float.IsFinite(tile.Factor(0, 0)));
            }
        }
    }

    /// <summary>One tile, read back by the layout's description.</summary>
    private sealed class Tile(GuardedBuffer<byte> bytes, int height, WeightFormat format, KernelPath path) : IDisposable
    {
        private int QuadBytes => QuantizedRows.QuadBytes(format, path);

        public static Tile Of(GuardedBuffer<float> rows, int rowCount, int width, WeightFormat format, KernelPath path)
        {
            int height = rowCount == 1 ? 1 : 6;
            var bytes = new GuardedBuffer<byte>((int)QuantizedRows.TileBytes(height, width, format, path));
            bytes.Span.Fill(0xA5);
            QuantizedRows.Quantize(rows.Pointer, rowCount, height, width, format, bytes.Pointer, path);
            return new Tile(bytes, height, format, path);
        }

        public static Tile Of(float[] rows, int rowCount, int width, WeightFormat format, KernelPath path)
        {
            using var buffer = new GuardedBuffer<float>(rows.Length);
            rows.CopyTo(buffer.Span);
            return Of(buffer, rowCount, width, format, path);
        }

        public int Code(int row, int column)
        {
            byte* quad = Block(column / 32) + (((row * 8) + (column % 32 / 4)) * QuadBytes);
            if (QuadBytes == 4) return (sbyte)quad[column % 4];
            int[] places = [0, 2, 1, 3];
            return ((short*)quad)[places[column % 4]];
        }

        public float Factor(int row, int block) => ((float*)(Block(block) + (8 * height * QuadBytes)))[row];

        public int Correction(int row, int block) => ((int*)(Block(block) + (8 * height * QuadBytes)))[height + row];

        public void Dispose() => bytes.Dispose();

        private byte* Block(int block) => bytes.Pointer + (block * QuantizedRows.BlockBytes(height, format, path));
    }
}
