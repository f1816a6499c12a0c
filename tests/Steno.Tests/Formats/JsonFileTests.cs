using System.Text.Json;
using Steno.Formats;

namespace Steno.Tests.Formats;

public sealed class JsonFileTests
{
    [Theory]
    [InlineData("", "the file is not valid JSON")]
    [InlineData("{\"a\":1", "the file is not valid JSON")]
    [InlineData("{\"a\":NaN}", "the file is not valid JSON")]
    [InlineData("{\"a\":1} x", "the file is not valid JSON")]
    [InlineData("{\"a\":1,\"\\u0061\":2}", "the file is not valid JSON; expected JSON with no key twice")]
    [InlineData("[1]", "the outermost JSON value is not an object; expected an object; found Array")]
    public void What_is_no_json_object_is_refused(string text, string expected) => AssertFault(System.Text.Encoding.UTF8.GetBytes(text), expected);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() => AssertFault([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}'], "the file is not valid UTF-8");

    [Fact]
    public void Nesting_is_bounded()
    {
        using JsonDocument document = JsonFile.ParseObject(Nested(31), "f.json");
        AssertFault(Nested(32), "the file is not valid JSON; expected JSON with no key twice, nested at most 32 levels deep");
        AssertFault(Nested(500_000), "the file is not valid JSON");

        static byte[] Nested(int depth) => System.Text.Encoding.UTF8.GetBytes($"{{\"a\":{new string('[', depth)}{new string(']', depth)}}}");
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault()
    {
        using JsonDocument document = JsonFile.ParseObject((byte[])[0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], "f.json");

        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }

    [Fact]
    public void Size_is_bounded()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("f.json", "{\"a\":1}");

        JsonFile.ReadObject(path, 7).Dispose();
        Assert.Equal($"{path}: the file is too large; expected at most 6 bytes; found 7 bytes.", Assert.Throws<ModelFormatException>(() => JsonFile.ReadObject(path, 6)).Message);
    }

    private static void AssertFault(byte[] text, string expected)
    {
        var fault = Assert.Throws<ModelFormatException>(() => JsonFile.ParseObject(text, "f.json"));
        Assert.StartsWith("f.json: " + expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(fault.Message, char.IsControl);
    }
}
