using System.Globalization;
using System.Text;
using Steno.Formats.Gguf;
using static Steno.Tests.Support.GgufTestWriter;

namespace Steno.Tests.Formats.Gguf;

public sealed class GgufHeaderTests
{
    private const string File = "model.gguf";

    [Theory]
    [InlineData(2, 32)]
    [InlineData(3, 32)]
    [InlineData(3, 64)]
    [InlineData(3, 4096)]
    public void Tensors_are_found_where_the_file_places_them(int version, int alignment)
    {
        byte[] data = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];
        byte[] file = new GgufTestWriter { Version = version, Alignment = alignment }
            .Number("general.alignment", (uint)alignment)
            .Tensor("a", [2, 8], 0, data).Tensor("b", [5], 24, [1, 2, 3, 4, 5]).Tensor("c", [], 0, [9, 9, 9, 9])
            .Write();

        GgufHeader header = Read(file);

        Assert.Equal(version, header.Version);
        Assert.Equal(0, header.DataOffset % alignment);
        Assert.Equal(["a", "b", "c"], header.Tensors.Keys);
        Assert.Equal([2, 8], header.Tensors["a"].Shape);
        Assert.Equal(data, file.AsSpan((int)(header.DataOffset + header.Tensors["a"].Offset), 64).ToArray());
        Assert.Equal([1, 2, 3, 4, 5], file.AsSpan((int)(header.DataOffset + header.Tensors["b"].Offset), 5).ToArray());
        Assert.Empty(header.Tensors["c"].Shape);
    }

    [Fact]
    public void Values_of_every_type_are_read()
    {
        byte[] file = SmallGguf.Create().Write();
        var metadata = new GgufMetadata(Read(file).Values, file, File);

        Assert.Equal("qwen3asr", metadata.Text("general.architecture"));
        Assert.Equal(200, metadata.Integer("a.u8", 0, 255));
        Assert.Equal(-56, metadata.Integer("a.i8", -128, 127));
        Assert.Equal(51201, metadata.Integer("a.u16", 0, 65535));
        Assert.Equal(-14335, metadata.Integer("a.i16", -32768, 0));
        Assert.Equal(4_000_000_000, metadata.Integer("a.u32", 0, long.MaxValue));
        Assert.Equal(-1, metadata.Integer("a.i32", -1, -1));
        Assert.Equal(-5, metadata.Integer("a.i64", -5, -5));
        Assert.Equal(1e-6f, (float)metadata.Number("a.f32", 0, 1)!.Value);
        Assert.Equal(0.1, metadata.Number("a.f64", 0, 1));
        Assert.Equal("Grüße", metadata.Text("a.text"));
        Assert.Equal([1, -1, 3], metadata.Integers("tokenizer.ggml.token_type", 3)!);
        GgufTexts texts = metadata.Texts("tokenizer.ggml.tokens", 3);
        Assert.Equal(["a", string.Empty, "Ġb"], new[] { Encoding.UTF8.GetString(texts.ReadNext()), Encoding.UTF8.GetString(texts.ReadNext()), Encoding.UTF8.GetString(texts.ReadNext()) });
        Assert.Null(metadata.Integer("absent", 0, 1));
        Assert.Null(metadata.Text("absent"));
        Assert.Null(metadata.Number("absent", 0, 1));
        Assert.Null(metadata.Integers("absent", 1));
        Assert.Equal(0, metadata.Texts("absent", 1).Count);
    }

    [Theory]
    [InlineData("a.text", "a whole number from 0 to 9; found the text 'Grüße'")]
    [InlineData("a.f32", "a whole number from 0 to 9; found 9.999999974752427E-07")]
    [InlineData("a.u64", "a whole number from 0 to 9; found 1.8446744073709552E+19")]
    [InlineData("a.bool", "a whole number from 0 to 9; found true")]
    [InlineData("a.u8", "a whole number from 0 to 9; found 200")]
    [InlineData("a.bools", "a whole number from 0 to 9; found a list of 3 Bool")]
    public void A_value_of_another_kind_is_a_fault(string key, string message)
    {
        byte[] file = SmallGguf.Create().Write();
        GgufHeader header = Read(file);

        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => { new GgufMetadata(header.Values, file, File).Integer(key, 0, 9); });

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(header.Values[key].Offset, fault.Offset);
        Assert.Throws<ModelFormatException>(() => { new GgufMetadata(header.Values, file, File).Integers(key, 9); });
        Assert.Throws<ModelFormatException>(() => { new GgufMetadata(header.Values, file, File).Texts(key, 9); });
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "magic", "this is no GGUF file; at byte 0; expected the letters GGUF; found 4747554C" },
        { "pointer", "Git LFS pointer" },
        { "version 1", "outdated version 1" },
        { "version 4", "the version of GGUF is unknown; at byte 4; expected version 2 or 3, little-endian; found 4" },
        { "version 0", "the version of GGUF is unknown" },
        { "big-endian", "big-endian" },
        { "tensor count -1", "the number of tensors is impossible; at byte 8" },
        { "tensor count huge", "the number of tensors is impossible; at byte 8" },
        { "key count huge", "the number of key-value pairs is impossible; at byte 16" },
        { "key length huge", "the length of a key is impossible; at byte 24" },
        { "key too long", "a key is too long" },
        { "key empty", "a key is empty" },
        { "key twice", "the key k occurs twice" },
        { "value type 13", "the type of k is unknown; at byte 33; expected 0 to 12; found 13" },
        { "bool 2", "k is no truth value" },
        { "bools 2", "element 1 of k is no truth value" },
        { "text length huge", "the length of k is impossible" },
        { "array of arrays", "k is an array of arrays" },
        { "array count huge", "the length of k is impossible" },
        { "array count -1", "the length of k is impossible" },
        { "array text huge", "the length of k is impossible" },
        { "alignment 0", "general.alignment is impossible" },
        { "alignment 48", "general.alignment is impossible; at byte 53; expected a power of two; found 48" },
        { "alignment text", "general.alignment has another type" },
        { "alignment u64", "general.alignment has another type" },
        { "quantization 3", "general.quantization_version is not supported" },
        { "split", "split.count says that the model is split over several files" },
        { "name empty", "a tensor's name is empty" },
        { "name long", "a tensor's name is too long" },
        { "name twice", "two tensors have the same name; tensor t" },
        { "rank 5", "the tensor has too many dimensions; tensor t" },
        { "rank huge", "the tensor has too many dimensions; tensor t" },
        { "dimension 0", "a dimension of the tensor is impossible; tensor t" },
        { "dimension -1", "a dimension of the tensor is impossible; tensor t" },
        { "product overflow", "the tensor has more elements than any file holds; tensor t" },
        { "bytes overflow", "the tensor has more elements than any file holds; tensor t" },
        { "type 43", "the tensor's type is unknown; tensor t" },
        { "type 4", "the tensor's type is unknown; tensor t" },
        { "type 31", "the tensor's type is unknown; tensor t" },
        { "type 36", "the tensor's type is unknown; tensor t" },
        { "type -1", "the tensor's type is unknown; tensor t" },
        { "width 128 of Q4_K", "the tensor's rows do not hold whole blocks of its type; tensor t; at byte 53; expected a width that is a multiple of 256 for Q4_K (12); found 128" },
        { "width 33 of Q8_0", "the tensor's rows do not hold whole blocks of its type; tensor t" },
        { "offset unaligned", "the tensor is not aligned; tensor t" },
        { "offset -32", "the tensor's offset is impossible; tensor t" },
        { "offset far", "the tensor ends past the end of the file, which may be cut short; tensor t" },
        { "offset near 2^63", "the tensor ends past the end of the file, which may be cut short; tensor t" },
        { "data cut", "the tensor ends past the end of the file, which may be cut short; tensor t; at byte 24; expected 1 more bytes" },
        { "overlap", "the tensor overlaps another; tensor u" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void Every_lie_of_a_header_is_told(string lie, string message)
    {
        byte[] file = Lie(lie);

        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => Read(file));

        Assert.StartsWith(File + ": ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Offset);
        Assert.InRange(fault.Offset.Value, 0, file.Length);
    }

    [Fact]
    public void A_file_without_tensors_may_end_without_padding()
    {
        byte[] file = new GgufTestWriter().Text("k", "v").Write();

        Assert.Empty(Read(file[..46]).Tensors);
    }

    [Fact]
    public void Texts_need_not_be_unicode()
    {
        byte[] file = new GgufTestWriter().Raw("k", 8, [.. UInt64(2), 0xFF, 0xFE]).Write();

        Assert.Single(Read(file).Values);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_a_fault()
    {
        byte[] file = SmallGguf.Create().Write();
        int end = (int)(Read(file).DataOffset + Read(file).Tensors["strange"].Offset) + 74;
        for (int length = 0; length < end; length++)
        {
            ModelFormatException fault = Assert.Throws<ModelFormatException>(() => Read(file[..length]));
            Assert.Equal(File, fault.File);
            Assert.NotNull(fault.Offset);
            Assert.NotNull(fault.Expected);
            Assert.NotNull(fault.Found);
        }
    }

    private static GgufHeader Read(byte[] file) => GgufHeader.Read(file, file.Length, File);

    private static byte[] Lie(string lie) => lie switch
    {
        "magic" => [.. "GGUL"u8, .. new byte[20]],
        "pointer" => "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"u8.ToArray(),
        "big-endian" => Fixed(0x03000000, 0, 0),
        "tensor count -1" => Fixed(3, -1, 0),
        "tensor count huge" => Fixed(3, 1L << 40, 0),
        "key count huge" => Fixed(3, 0, long.MaxValue),
        "key length huge" => [.. Fixed(3, 0, 1), .. UInt64(ulong.MaxValue), .. new byte[30]],
        "key too long" => new GgufTestWriter().Number(new string('k', 65536), 1).Write(),
        "key empty" => new GgufTestWriter().Number(string.Empty, 1).Write(),
        "key twice" => new GgufTestWriter().Number("k", 1).Number("k", 1).Write(),
        "value type 13" => new GgufTestWriter().Raw("k", 13, new byte[8]).Write(),
        "bool 2" => new GgufTestWriter().Raw("k", 7, [2]).Write(),
        "bools 2" => Array(7, 3, [1, 2, 0]),
        "text length huge" => new GgufTestWriter().Raw("k", 8, [.. UInt64(1UL << 62), .. new byte[8]]).Write(),
        "array of arrays" => Array(9, 1, new byte[20]),
        "array count huge" => Array(4, 1UL << 62, new byte[20]),
        "array count -1" => Array(8, ulong.MaxValue, new byte[20]),
        "array text huge" => Array(8, 1, [.. UInt64(1UL << 50), .. new byte[8]]),
        "alignment 0" => new GgufTestWriter().Number("general.alignment", 0).Write(),
        "alignment 48" => new GgufTestWriter().Number("general.alignment", 48).Write(),
        "alignment text" => new GgufTestWriter().Text("general.alignment", "32").Write(),
        "alignment u64" => new GgufTestWriter().Raw("general.alignment", 10, UInt64(32)).Write(),
        "quantization 3" => new GgufTestWriter().Number("general.quantization_version", 3).Write(),
        "split" => new GgufTestWriter().Raw("split.count", 2, [2, 0]).Write(),
        "name empty" => Tensor(string.Empty, [8], 0, new byte[32]),
        "name long" => Tensor(new string('t', 128), [8], 0, new byte[32]),
        "name twice" => new GgufTestWriter().Tensor("t", [8], 0, new byte[32]).Tensor("t", [8], 0, new byte[32]).Write(),
        "rank 5" => Tensor("t", [1, 1, 1, 1, 8], 0, new byte[32]),
        "rank huge" => Patched(33, UInt32(uint.MaxValue)),
        "dimension 0" => Patched(37, UInt64(0)),
        "dimension -1" => Patched(37, UInt64(ulong.MaxValue)),
        "product overflow" => Tensor("t", [1L << 32, 1L << 31], 24, new byte[32]),
        "bytes overflow" => Tensor("t", [1L << 30, 1L << 31], 0, new byte[32]),
        "width 128 of Q4_K" => Tensor("t", [2, 128], 12, new byte[144]),
        "width 33 of Q8_0" => Tensor("t", [33], 8, new byte[64]),
        "offset unaligned" => Patched(49, UInt64(16)),
        "offset -32" => Patched(49, UInt64(unchecked((ulong)-32L))),
        "offset far" => Patched(49, UInt64(1UL << 40)),
        "offset near 2^63" => Patched(49, UInt64(long.MaxValue - 31)),
        "data cut" => Tensor("t", [8], 0, new byte[32])[..95],
        "overlap" => Overlapping(),
        _ when lie.StartsWith("version ", StringComparison.Ordinal) => Fixed(uint.Parse(lie[8..], CultureInfo.InvariantCulture), 0, 0),
        _ when lie.StartsWith("type ", StringComparison.Ordinal) => Tensor("t", [8], int.Parse(lie[5..], CultureInfo.InvariantCulture), new byte[32]),
        _ => throw new ArgumentOutOfRangeException(nameof(lie), lie, "No such lie."),
    };

    private static byte[] Fixed(uint version, long tensorCount, long keyCount) =>
        [.. "GGUF"u8, .. UInt32(version), .. UInt64((ulong)tensorCount), .. UInt64((ulong)keyCount)];

    private static byte[] Array(uint type, ulong count, byte[] elements) =>
        new GgufTestWriter().Raw("k", 9, [.. UInt32(type), .. UInt64(count), .. elements]).Write();

    private static byte[] Tensor(string name, long[] shape, int type, byte[] data) => new GgufTestWriter().Tensor(name, shape, type, data).Write();

    // A file of the one tensor "t" of 8 floats: name at 24, rank at 33, dimension at 37, type at 45, offset at 49, data at 64.
    private static byte[] Patched(int offset, byte[] replacement)
    {
        byte[] file = Tensor("t", [8], 0, new byte[32]);
        replacement.CopyTo(file, offset);
        return file;
    }

    private static byte[] Overlapping()
    {
        byte[] file = new GgufTestWriter().Tensor("t", [16], 0, new byte[64]).Tensor("u", [8], 0, new byte[32]).Write();
        UInt64(32).CopyTo(file, 57 + 25);
        return file;
    }
}
