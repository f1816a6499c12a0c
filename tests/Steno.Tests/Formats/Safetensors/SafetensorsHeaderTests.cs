using System.Buffers.Binary;
using System.Text;
using Steno.Formats.Safetensors;

namespace Steno.Tests.Formats.Safetensors;

public sealed class SafetensorsHeaderTests
{
    [Fact]
    public void A_header_gives_every_tensor_as_it_is_described()
    {
        SafetensorsHeader header = Read("""{"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[],"data_offsets":[4,12]},"a":{"shape":[2,1],"data_offsets":[0,4],"dtype":"BF16","note":{"x":[1]}}}   """, 12);

        Assert.Equal(["b", "a"], header.Tensors.Keys);
        SafetensorsTensor a = header.Tensors["a"];
        Assert.Equal(("a", "BF16", "2 1", 0L, 4L), (a.Name, a.DTypeName, string.Join(' ', a.Shape), a.Begin, a.End));
        SafetensorsTensor b = header.Tensors["b"];
        Assert.Equal(("b", "I64", string.Empty, 4L, 12L), (b.Name, b.DTypeName, string.Join(' ', b.Shape), b.Begin, b.End));
    }

    [Fact]
    public void Names_may_be_any_text_and_tensors_may_be_empty()
    {
        SafetensorsHeader header = Read("""{"gewicht \u00e4 \ud83d\ude00":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0]},"x":{"dtype":"F4","shape":[3,2],"data_offsets":[0,3]},"z":{"dtype":"F32","shape":[0],"data_offsets":[3,3]}}""", 3);

        Assert.Equal(["gewicht ä 😀", "x", "z"], header.Tensors.Keys);
    }

    [Fact]
    public void A_file_may_hold_no_tensors() => Assert.Empty(Read("{}", 0).Tensors);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_without_room_for_a_header_length_is_refused(int length) =>
        AssertFault(new byte[length], "f.safetensors: the file is too short for safetensors; expected at least 8 bytes; found " + length + " bytes.");

    [Fact]
    public void A_header_that_ends_past_the_file_is_refused()
    {
        foreach (ulong length in new ulong[] { 3, 100, 0x7FFF_FFFF_FFFF_FFFF, ulong.MaxValue, ulong.MaxValue - 7 })
        {
            byte[] file = new byte[10];
            BinaryPrimitives.WriteUInt64LittleEndian(file, length);
            AssertFault(file, $"f.safetensors: the header ends past the end of the file: this is no safetensors file, or it is cut short; at byte 0; expected a header of at most 2 bytes; found {length} bytes.");
        }
    }

    [Fact]
    public void A_huge_header_is_refused_even_where_the_file_holds_it()
    {
        byte[] start = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(start, (16 << 20) + 1);

        var fault = Assert.Throws<ModelFormatException>(() => SafetensorsHeader.Read(start, 1L << 40, "f.safetensors"));

        Assert.Equal("f.safetensors: the header is too long; at byte 0; expected at most 16777216 bytes; found 16777217 bytes.", fault.Message);
    }

    [Fact]
    public void A_git_lfs_pointer_is_told_from_a_broken_file() =>
        AssertFault("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"u8.ToArray(), "f.safetensors: the file is a Git LFS pointer, not the weights; fetch them with 'git lfs pull'.");

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("garbage!", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}x""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}{}""", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],}}""", "not valid JSON")]
    [InlineData("[]", "form of a safetensors header; at byte 8; expected an object of tensors; found an array")]
    [InlineData("7", "form of a safetensors header; at byte 8; expected an object of tensors; found 7")]
    [InlineData("""{"a":7}""", "form of a safetensors header; tensor a; at byte 13; expected an object with dtype, shape and data_offsets; found 7")]
    [InlineData("""{"a":{"dtype":5,"shape":[],"data_offsets":[0,4]}}""", "tensor a; at byte 22; expected a dtype name; found 5")]
    [InlineData("""{"a":{"dtype":"F32","shape":4,"data_offsets":[0,4]}}""", "tensor a; at byte 36; expected shape of at most 8 whole numbers; found 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", "the tensor's shape has an element that is no whole number below 2^63; tensor a; at byte 37; expected at most 8 whole numbers; found an array")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "the tensor's shape has an element that is no whole number below 2^63; tensor a; at byte 37; expected at most 8 whole numbers; found 1.5")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", "no whole number below 2^63; tensor a; at byte 37; expected at most 8 whole numbers; found 99999999999999999999")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", "the tensor's shape has too many numbers; tensor a; at byte 53; expected at most 8 whole numbers; found more")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}""", "the tensor's data_offsets are not a pair; tensor a; at byte 57; expected two whole numbers; found 1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}""", "the tensor's data_offsets has too many numbers; tensor a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":["0","4"]}}""", "no whole number below 2^63; tensor a; at byte 55; expected two whole numbers; found 0")]
    [InlineData("""{"a":{"shape":[],"data_offsets":[0,4]}}""", "the tensor's description lacks dtype; tensor a")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", "the tensor's description lacks shape; tensor a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[]}}""", "the tensor's description lacks data_offsets; tensor a")]
    [InlineData("""{"__metadata__":[],"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "tensor __metadata__; at byte 24; expected an object of texts; found an array")]
    [InlineData("""{"__metadata__":{"format":7}}""", "tensor __metadata__; at byte 34; expected a text; found 7")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", "a text in the header is not valid UTF-8 or has an unpaired surrogate; at byte 9")]
    public void A_header_of_another_form_is_refused(string json, string expected) => AssertFault(SafetensorsWriter.Write(json, new byte[4]), expected);

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        byte[] json = Encoding.Latin1.GetBytes("""{"é":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""");

        AssertFault(SafetensorsWriter.Write(json, new byte[4]), "a text in the header is not valid UTF-8");
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        string deep = $$$"""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"x":{{{new string('[', 100_000)}}}{{{new string(']', 100_000)}}}}}""";

        AssertFault(SafetensorsWriter.Write(deep, new byte[4]), "the header is not valid JSON", "expected JSON nested at most 8 levels deep");
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}""", "the header describes a tensor twice; tensor a; at byte 61")]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}""", "the header describes a tensor twice; tensor a")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "the tensor's description has dtype twice; tensor a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", "the tensor's description has shape twice; tensor a")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"data_offsets":[0,8]}}""", "the tensor's description has data_offsets twice; tensor a")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "the header has __metadata__ twice")]
    public void Duplicates_are_refused(string json, string expected) => AssertFault(SafetensorsWriter.Write(json, new byte[8]), expected);

    [Fact]
    public void Too_many_tensors_are_refused()
    {
        var json = new StringBuilder("{");
        for (int i = 0; i <= SafetensorsHeader.MaxTensorCount; i++)
            json.Append(i == 0 ? string.Empty : ",").Append('"').Append(i).Append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        json.Append('}');

        AssertFault(SafetensorsWriter.Write(json.ToString(), []), "the header describes too many tensors; tensor 65536", "expected at most 65536; found more");
    }

    [Theory]
    [InlineData("F32", "[2]", "[0,9]", "the tensor ends past the end of the file, which may be cut short; tensor a; at byte 62; expected data_offsets within the 8 bytes of data; found data_offsets [0, 9]")]
    [InlineData("F32", "[2]", "[0,9223372036854775807]", "the tensor ends past the end of the file, which may be cut short; tensor a")]
    [InlineData("F32", "[2]", "[9223372036854775806,9223372036854775807]", "the tensor ends past the end of the file, which may be cut short; tensor a")]
    [InlineData("F32", "[2]", "[8,0]", "the tensor's data_offsets are impossible; tensor a; at byte 70; expected 0 <= begin <= end; found data_offsets [8, 0]")]
    [InlineData("F32", "[2]", "[-8,0]", "the tensor's data_offsets are impossible; tensor a; expected 0 <= begin <= end; found data_offsets [-8, 0]")]
    [InlineData("F32", "[3]", "[0,8]", "the tensor's size contradicts its shape; tensor a; at byte 62; expected 12 bytes for F32 [3]; found 8 bytes")]
    [InlineData("BF16", "[2]", "[0,8]", "the tensor's size contradicts its shape; tensor a; at byte 63; expected 4 bytes for BF16 [2]; found 8 bytes")]
    [InlineData("I64", "[]", "[0,4]", "expected 8 bytes for I64 []; found 4 bytes")]
    [InlineData("F32", "[-2]", "[0,8]", "the tensor has a negative dimension; tensor a; at byte 63; expected dimensions of at least 0; found shape [-2]")]
    [InlineData("F32", "[-1,-2]", "[0,8]", "the tensor has a negative dimension; tensor a")]
    [InlineData("F32", "[4294967296,4294967296]", "[0,8]", "the tensor has more elements than any file holds; tensor a; at byte 82; expected fewer than 2^63 bits; found shape [4294967296, 4294967296]")]
    [InlineData("F32", "[4611686018427387904,4611686018427387904,0]", "[0,0]", "the tensor has more elements than any file holds; tensor a")]
    [InlineData("F32", "[4611686018427387906]", "[0,8]", "the tensor has more elements than any file holds; tensor a")]
    [InlineData("???", "[4611686018427387904,4]", "[0,8]", "the tensor has more elements than any file holds; tensor a")]
    [InlineData("F4", "[3]", "[0,8]", "the tensor does not fill whole bytes; tensor a; at byte 61; expected a whole number of bytes; found 12 bits")]
    public void Numbers_that_contradict_the_file_are_refused(string dtype, string shape, string offsets, string expected) =>
        AssertFault(SafetensorsWriter.Write($$$"""{"a":{"dtype":"{{{dtype}}}","shape":{{{shape}}},"data_offsets":{{{offsets}}}}}""", new byte[8]), expected);

    [Theory]
    [InlineData("[0,8]", "[4,12]", "the tensor overlaps another; tensor b; at byte 120; expected data_offsets that begin at 8; found data_offsets [4, 12], after data_offsets [0, 8] of a.")]
    [InlineData("[4,12]", "[0,8]", "the tensor overlaps another; tensor a; at byte 120; expected data_offsets that begin at 8; found data_offsets [4, 12], after data_offsets [0, 8] of b.")]
    [InlineData("[0,8]", "[0,8]", "the tensor overlaps another; tensor ")]
    [InlineData("[0,8]", "[9,17]", "bytes before the tensor belong to no tensor; tensor b; at byte 125; expected data_offsets that begin at 8; found data_offsets [9, 17]")]
    [InlineData("[1,9]", "[9,17]", "bytes before the tensor belong to no tensor; tensor a; at byte 117; expected data_offsets that begin at 0; found data_offsets [1, 9]")]
    [InlineData("[0,8]", "[8,16]", "bytes after the last tensor belong to no tensor; at byte 132; expected the end of the file; found 1 more bytes")]
    public void Tensors_must_cover_the_data_exactly(string first, string second, string expected) =>
        AssertFault(SafetensorsWriter.Write($$$"""{"a":{"dtype":"F32","shape":[2],"data_offsets":{{{first}}}},"b":{"dtype":"F32","shape":[2],"data_offsets":{{{second}}}}}""", new byte[17]), expected);

    [Fact]
    public void Messages_stay_short_and_on_one_line_whatever_the_names()
    {
        string name = "\\u001b[31m\\n" + new string('x', 100_000);
        string json = $$$"""{"{{{name}}}":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""";

        var fault = Assert.Throws<ModelFormatException>(() => Read(json, 8));

        Assert.InRange(fault.Message.Length, 1, 400);
        Assert.DoesNotContain(fault.Message, char.IsControl);
        Assert.StartsWith("\\u001B[31m\\u000Axxx", fault.Tensor, StringComparison.Ordinal);
        Assert.EndsWith("xxx... (100006 characters)", fault.Tensor, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_of_a_file_is_refused()
    {
        byte[] file = SafetensorsWriter.Write([new StoredTensor("a", "F32", [2, 2], new byte[16]), new StoredTensor("b", "BF16", [3], new byte[6])]);

        Assert.Equal(2, SafetensorsHeader.Read(file, file.Length, "f").Tensors.Count);
        for (int length = 0; length < file.Length; length++) AssertFault(file[..length], "f.safetensors: ");
    }

    private static SafetensorsHeader Read(string json, int dataLength)
    {
        byte[] file = SafetensorsWriter.Write(json, new byte[dataLength]);
        return SafetensorsHeader.Read(file, file.Length, "f.safetensors");
    }

    private static void AssertFault(byte[] file, params string[] expectedParts)
    {
        var fault = Assert.Throws<ModelFormatException>(() => SafetensorsHeader.Read(file, file.Length, "f.safetensors"));
        Assert.Equal("f.safetensors", fault.File);
        foreach (string part in expectedParts) Assert.Contains(part, fault.Message, StringComparison.Ordinal);
    }
}
