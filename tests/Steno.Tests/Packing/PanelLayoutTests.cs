using System.Security.Cryptography;
using Steno.Kernels;
using Steno.Packing;

namespace Steno.Tests.Packing;

/// <summary>Packed files hold panels as they are: whoever changes a panel changes the version of the layout.</summary>
public sealed unsafe class PanelLayoutTests
{
    private const int RowCount = 37;
    private const int ColumnCount = 512;

    public static TheoryData<string, string> Known => new()
    {
        { "F32", "4a504f8c93f764e3" },
        { "BF16", "a2edce7ab94159da" },
        { "Q8", "cb3fdb84dee49faa" },
        { "Q6", "7e50a3996775a72e" },
        { "Q4", "3996871a191f2328" },
        { "Q4K", "be1d69ea06b4143d" },
        { "Affine4", "f2ff955ba2be9d94" },
        { "Affine6", "40f078901528ae04" },
        { "Affine8", "3e2feb60e39f02c4" },
    };

    [Fact]
    public void Every_format_is_known() =>
        Assert.Equal(Enum.GetNames<WeightFormat>(), Known.Select(row => row.Data.Item1));

    // A difference here means: count PackedLayout.Version up, then put the new hashes here.
    [Theory, MemberData(nameof(Known))]
    public void The_panels_of_a_known_matrix_are_those_of_the_version_of_the_layout(string format, string hash)
    {
        Assert.Equal(1, PackedLayout.Version);
        Assert.Equal(hash, HashOf(Enum.Parse<WeightFormat>(format)));
    }

    private static string HashOf(WeightFormat format)
    {
        var text = new List<byte>();
        foreach (bool isPaired in new[] { false, true })
        {
            int rowCount = isPaired ? 2 * RowCount : RowCount;
            using var matrix = new PackedMatrix(format, rowCount, ColumnCount, isPaired);
            Assert.Equal(matrix.ByteCount, PackedMatrix.BytesOf(format, rowCount, ColumnCount, isPaired));
            for (int row = 0; row < rowCount; row++) Set(matrix, row);
            text.AddRange(new ReadOnlySpan<byte>(matrix.Panel(0), (int)matrix.ByteCount));
        }

        return Convert.ToHexStringLower(SHA256.HashData(text.ToArray()))[..16];
    }

    // Exact in every format of numbers: n / 64 with n from -125 to 125.
    private static void Set(PackedMatrix matrix, int row)
    {
        if (matrix.Format == WeightFormat.Q4K)
        {
            byte[] blocks = new byte[ColumnCount / 256 * 144];
            for (int i = 0; i < blocks.Length; i++) blocks[i] = (byte)((((row * 31) + i) * 73) % 120);
            fixed (byte* first = blocks) EncodedRows.SetRow(matrix, row, first);
            return;
        }

        if (matrix.Format >= WeightFormat.Affine4)
        {
            byte[] codes = new byte[EncodedRows.CodeBytes(ColumnCount)];
            for (int i = 0; i < codes.Length; i++) codes[i] = (byte)((((row * 31) + i) * 73) % 16);
            fixed (byte* first = codes) EncodedRows.SetCodes(matrix, row, first);
            return;
        }

        float[] values = new float[ColumnCount];
        for (int i = 0; i < values.Length; i++)
        {
            int n = (((row * 7919) + (i * 104729)) % 251) - 125;
            values[i] = n / 64f;
        }

        matrix.SetRow(row, values);
    }
}
