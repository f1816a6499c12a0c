using System.Buffers.Binary;

namespace Steno.Tests.Packagings;

/// <summary>
/// GGML's types expanded one element at a time by the tables of their layouts: for an element its code, the group that it is in, and the group's scale and
/// minimum. An oracle that shares nothing with the readers.
/// </summary>
internal static class ScalarBlocks
{
    private static readonly int[] Levels = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>Elements of a block.</summary>
    public static int BlockLength(string type) => type switch
    {
        "F32" or "F16" or "BF16" => 1,
        "Q8_0" or "Q4_0" or "Q4_1" or "Q5_0" or "Q5_1" or "IQ4_NL" => 32,
        _ => 256,
    };

    public static int BlockBytes(string type) => type switch
    {
        "F32" => 4,
        "F16" or "BF16" => 2,
        "Q4_0" or "IQ4_NL" => 18,
        "Q4_1" => 20,
        "Q5_0" => 22,
        "Q5_1" => 24,
        "Q8_0" => 34,
        "Q2_K" => 84,
        "Q3_K" => 110,
        "IQ4_XS" => 136,
        "Q4_K" => 144,
        "Q5_K" => 176,
        "Q6_K" => 210,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No type of GGML that is read."),
    };

    public static bool IsQuantized(string type) => BlockLength(type) > 1;

    /// <summary>Where the codes of a block lie: the bytes of which each holds two or more codes, or one.</summary>
    public static Range CodeBytes(string type) => type switch
    {
        "Q4_0" or "IQ4_NL" => 2..18,
        "Q4_1" => 4..20,
        "Q5_0" => 6..22,
        "Q5_1" => 8..24,
        "Q8_0" => 2..34,
        "Q2_K" => 16..80,
        "Q3_K" => 32..96,
        "IQ4_XS" => 8..136,
        "Q4_K" => 16..144,
        "Q5_K" => 48..176,
        "Q6_K" => 0..128,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No type with codes."),
    };

    /// <summary>Expands a whole number of blocks.</summary>
    public static float[] Decode(string type, byte[] data)
    {
        int length = BlockLength(type);
        int bytes = BlockBytes(type);
        float[] values = new float[data.Length / bytes * length];
        for (int i = 0; i < values.Length; i++) values[i] = Element(type, data.AsSpan(i / length * bytes, bytes), i % length);
        return values;
    }

    private static float Element(string type, ReadOnlySpan<byte> b, int i) => type switch
    {
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(b),
        "F16" => Half(b, 0),
        "BF16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(b) << 16),
        "Q8_0" => Half(b, 0) * (sbyte)b[2 + i],
        "Q4_0" => Half(b, 0) * (Split(b[2..], i) - 8),
        "Q4_1" => (Half(b, 0) * Split(b[4..], i)) + Half(b, 2),
        "Q5_0" => Half(b, 0) * ((Split(b[6..], i) | Fifth(b[2..], i)) - 16),
        "Q5_1" => (Half(b, 0) * (Split(b[8..], i) | Fifth(b[4..], i))) + Half(b, 2),
        "IQ4_NL" => Half(b, 0) * Levels[Split(b[2..], i)],
        "Q2_K" => Q2(b, i),
        "Q3_K" => Q3(b, i),
        "Q4_K" => WithMinimum(b, i, Pair(b[16..], i)),
        "Q5_K" => WithMinimum(b, i, Pair(b[48..], i) | (((b[16 + (i % 32)] >> (i / 32)) & 1) << 4)),
        "Q6_K" => Q6(b, i),
        _ => Iq4Xs(b, i),
    };

    private static float Half(ReadOnlySpan<byte> b, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(b[at..]);

    // The first sixteen elements are the low halves of the bytes, the others the high ones.
    private static int Split(ReadOnlySpan<byte> codes, int i) => i < 16 ? codes[i] & 15 : codes[i - 16] >> 4;

    private static int Fifth(ReadOnlySpan<byte> bits, int i) => ((bits[i / 8] >> (i % 8)) & 1) << 4;

    // Of every 64 elements the first 32 are the low halves of 32 bytes, the others the high ones.
    private static int Pair(ReadOnlySpan<byte> codes, int i) => (codes[(i / 64 * 32) + (i % 32)] >> (i % 64 / 32 * 4)) & 15;

    // A byte holds the elements l, l + 32, l + 64 and l + 96 of its half.
    private static int TwoBits(ReadOnlySpan<byte> codes, int i) => (codes[(i / 128 * 32) + (i % 32)] >> (i % 128 / 32 * 2)) & 3;

    private static float WithMinimum(ReadOnlySpan<byte> b, int i, int code)
    {
        ReadOnlySpan<byte> s = b.Slice(4, 12);
        int j = i / 32;
        int scale = j < 4 ? s[j] & 63 : (s[j + 4] & 15) | (s[j - 4] >> 6 << 4);
        int minimum = j < 4 ? s[j + 4] & 63 : (s[j + 4] >> 4) | (s[j] >> 6 << 4);
        return (Half(b, 0) * scale * code) - (Half(b, 2) * minimum);
    }

    private static float Q2(ReadOnlySpan<byte> b, int i) =>
        (Half(b, 80) * (b[i / 16] & 15) * TwoBits(b[16..], i)) - (Half(b, 82) * (b[i / 16] >> 4));

    private static float Q3(ReadOnlySpan<byte> b, int i)
    {
        int j = i / 16;
        int low = j < 8 ? b[96 + j] & 15 : b[96 + j - 8] >> 4;
        int high = (b[104 + (j % 4)] >> (j / 4 * 2)) & 3;
        int code = TwoBits(b[32..], i) + (((b[i % 32] >> (i / 32)) & 1) * 4) - 4;
        return Half(b, 108) * ((low | (high << 4)) - 32) * code;
    }

    private static float Q6(ReadOnlySpan<byte> b, int i)
    {
        int half = i / 128;
        int l = i % 32;
        int quarter = i % 128 / 32;
        int low = b[(half * 64) + (quarter % 2 * 32) + l] >> (quarter / 2 * 4) & 15;
        int high = (b[128 + (half * 32) + l] >> (quarter * 2)) & 3;
        int scale = (sbyte)b[192 + (half * 8) + (quarter * 2) + (l / 16)];
        return Half(b, 208) * scale * ((low | (high << 4)) - 32);
    }

    private static float Iq4Xs(ReadOnlySpan<byte> b, int i)
    {
        int j = i / 32;
        int low = (b[4 + (j / 2)] >> (j % 2 * 4)) & 15;
        int high = (BinaryPrimitives.ReadUInt16LittleEndian(b[2..]) >> (2 * j)) & 3;
        return Half(b, 0) * ((low | (high << 4)) - 32) * Levels[Split(b[(8 + (16 * j))..], i % 32)];
    }
}
