using System.Globalization;
using System.Text;
using System.Text.Json;
using Steno.Formats.Gguf;
using Steno.Tensors;

namespace Steno.Tests.Formats.Gguf;

public sealed class GgufFileTests
{
    private static readonly string SmallFile = Repository.PathOf("tests", "data", "gguf", "small.gguf");

    [Fact]
    public void The_file_that_was_shown_to_HuggingFace_is_the_one_that_the_tests_write() =>
        Assert.Equal(SmallGguf.Create().Write(), File.ReadAllBytes(SmallFile));

    [Fact]
    public void Tensors_are_those_that_HuggingFace_finds()
    {
        using JsonDocument expected = Description();
        using GgufFile file = GgufFile.Open(SmallFile);
        long dataOffset = long.Parse(Text(expected.RootElement.GetProperty("dataOffset")), CultureInfo.InvariantCulture);

        foreach (JsonElement tensor in expected.RootElement.GetProperty("tensors").EnumerateArray())
        {
            GgufTensor actual = file.Tensors[Text(tensor.GetProperty("name"))];
            Assert.Equal(tensor.GetProperty("shape").EnumerateArray().Select(Text).Reverse(), actual.Shape.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)));
            Assert.Equal(Text(tensor.GetProperty("type")), actual.Type.Name);
            Assert.Equal(Text(tensor.GetProperty("offset")), actual.Offset.ToString(CultureInfo.InvariantCulture));
            if (actual.Type.DType is null) continue;
            Assert.True(file.TryGetTensor(actual.Name, out TensorView view));
            Assert.Equal(dataOffset + actual.Offset, view.FileOffset);
        }

        Assert.Equal(expected.RootElement.GetProperty("tensors").GetArrayLength(), file.Tensors.Count);
    }

    [Fact]
    public void A_header_longer_than_what_is_read_at_first_is_read_whole()
    {
        string[] tokens = [.. Enumerable.Range(0, 300_000).Select(i => i.ToString("D8", CultureInfo.InvariantCulture))];
        using var directory = new TemporaryDirectory();
        string path = directory.Write("long.gguf", new GgufTestWriter().Texts("a.tokens", tokens).Number("a.number", 7).Tensor("t", [2], 0, [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)]).Write());
        float[] values = new float[2];

        using GgufFile file = GgufFile.Open(path);
        Assert.True(file.TryGetTensor("t", out TensorView tensor));
        tensor.CopyTo(values);

        Assert.Equal(tokens, Texts(file.Metadata.Texts("a.tokens", tokens.Length)));
        Assert.Equal(7, file.Metadata.Integer("a.number", 0, 9));
        Assert.Equal([1f, 2f], values);
    }

    [Fact]
    public void Metadata_is_what_HuggingFace_finds()
    {
        using JsonDocument expected = Description();
        using GgufFile file = GgufFile.Open(SmallFile);
        GgufMetadata metadata = file.Metadata;

        foreach (JsonProperty entry in expected.RootElement.GetProperty("metadata").EnumerateObject())
        {
            if (entry.Name is "version" or "tensor_count" or "kv_count") continue;
            string actual = entry.Name switch
            {
                "general.architecture" or "a.text" => metadata.Text(entry.Name)!,
                "a.f32" or "a.f64" => metadata.Number(entry.Name, 0, 1)!.Value.ToString("R", CultureInfo.InvariantCulture),
                "tokenizer.ggml.tokens" => string.Join(' ', Texts(metadata.Texts(entry.Name, 10))),
                "tokenizer.ggml.token_type" => string.Join(' ', metadata.Integers(entry.Name, 10)!),
                "a.bool" => metadata.Describe(entry.Name),
                "a.u64" or "a.bools" => string.Empty,
                _ => metadata.Integer(entry.Name, long.MinValue, long.MaxValue)!.Value.ToString(CultureInfo.InvariantCulture),
            };
            if (actual.Length == 0) continue;
            Assert.Equal(Text(entry.Value), actual);
        }
    }

    [Fact]
    public void A_file_that_is_no_GGUF_file_or_is_absent_is_a_fault()
    {
        using var directory = new TemporaryDirectory();

        Assert.Contains("the file is empty; expected a GGUF file", Assert.Throws<ModelFormatException>(() => GgufFile.Open(directory.Write("empty.gguf", string.Empty))).Message, StringComparison.Ordinal);
        Assert.Contains("this is no GGUF file", Assert.Throws<ModelFormatException>(() => GgufFile.Open(directory.Write("text.gguf", "hello, world, hello, world"))).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => GgufFile.Open(directory.PathOf("absent.gguf")));
    }

    [Fact]
    public void A_file_that_is_closed_cannot_be_read()
    {
        GgufFile file = GgufFile.Open(SmallFile);
        file.Dispose();
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.TryGetTensor("token_embd.weight", out _));
        Assert.Throws<ObjectDisposedException>(() => file.Metadata.Text("a.text"));
    }

    private static JsonDocument Description() => JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(SmallFile, ".json")));

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(Text)),
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };

    private static List<string> Texts(GgufTexts texts)
    {
        var all = new List<string>();
        for (int i = 0; i < texts.Count; i++) all.Add(Encoding.UTF8.GetString(texts.ReadNext()));
        return all;
    }
}
