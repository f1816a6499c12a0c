using Steno.Formats.Safetensors;
using Steno.Tensors;

namespace Steno.Tests.Formats.Safetensors;

public sealed class ShardedSafetensorsTests : IDisposable
{
    private const string IndexName = "model.safetensors.index.json";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Tensors_come_from_the_shards_that_the_index_names()
    {
        WriteShard("left.safetensors", ("a", 1), ("unlisted", 9));
        WriteShard("right.safetensors", ("b", 2), ("a", 7));
        string index = WriteIndex("""{"a":"left.safetensors","b":"right.safetensors"}""");

        using ShardedSafetensors shards = ShardedSafetensors.OpenIndex(index);

        Assert.Equal((1f, 2f), (Value(shards, "a"), Value(shards, "b")));
        Assert.False(shards.TryGetTensor("unlisted", out _));
        Assert.Equal(_directory.Path, shards.Location);
        Assert.Equal(_directory.PathOf("right.safetensors"), shards.Require("b").File);
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        WriteShard("left.safetensors", ("a", 1));
        string index = WriteIndex("""{"a":"left.safetensors","b":"right.safetensors"}""");

        AssertFault(() => ShardedSafetensors.OpenIndex(index), $"{index}: the index names a shard that is not there; expected a file right.safetensors beside the index.");
    }

    [Fact]
    public void A_tensor_that_is_not_in_its_shard_is_named()
    {
        WriteShard("left.safetensors", ("a", 1));
        string index = WriteIndex("""{"a":"left.safetensors","b":"left.safetensors"}""");

        AssertFault(() => ShardedSafetensors.OpenIndex(index), $"{_directory.PathOf("left.safetensors")}: the shard lacks a tensor that the index places in it; tensor b; expected the tensor; found no tensor of that name.");
    }

    [Theory]
    [InlineData("../m.safetensors")]
    [InlineData("..\\\\m.safetensors")]
    [InlineData("/etc/m.safetensors")]
    [InlineData("C:m.safetensors")]
    [InlineData("sub/m.safetensors")]
    [InlineData("sub\\\\m.safetensors")]
    [InlineData(".safetensors")]
    [InlineData("..safetensors")]
    [InlineData("")]
    [InlineData("passwd")]
    [InlineData("m.safetensors\\u0000")]
    [InlineData("m\\u0000.safetensors")]
    [InlineData("m\\n.safetensors")]
    public void A_shard_outside_the_directory_is_refused(string name)
    {
        string index = WriteIndex($$"""{"a":"{{name}}"}""");

        var fault = Assert.Throws<ModelFormatException>(() => ShardedSafetensors.OpenIndex(index));

        Assert.StartsWith($"{index}: the index names a shard that is not a plain file name; tensor a; expected a name such as model-00001-of-00002.safetensors; found ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "the file is not valid JSON")]
    [InlineData("[]", "the outermost JSON value is not an object")]
    [InlineData("{}", "the index has no object weight_map; expected weight_map from tensor names to shard names")]
    [InlineData("""{"weight_map":[]}""", "the index has no object weight_map")]
    [InlineData("""{"weight_map":{}}""", "the index lists no tensors")]
    [InlineData("""{"weight_map":{"a":7}}""", "a tensor's shard in weight_map is not a text; tensor a; expected a shard file name; found Number")]
    [InlineData("""{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}""", "the file is not valid JSON; expected JSON with no key twice")]
    [InlineData("""{"weight_map":{"a":"\ud800.safetensors"}}""", "a text in the index has an unpaired surrogate")]
    public void A_broken_index_is_refused(string json, string expected)
    {
        string index = _directory.Write(IndexName, json);

        var fault = Assert.Throws<ModelFormatException>(() => ShardedSafetensors.OpenIndex(index));

        Assert.StartsWith($"{index}: {expected}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_may_not_name_endless_shards_or_tensors()
    {
        string index = WriteIndex($"{{{string.Join(',', Enumerable.Range(0, 257).Select(i => $"\"{i}\":\"{i}.safetensors\""))}}}");
        Assert.Contains("the index names too many shards; expected at most 256.", Assert.Throws<ModelFormatException>(() => ShardedSafetensors.OpenIndex(index)).Message, StringComparison.Ordinal);

        index = WriteIndex($"{{{string.Join(',', Enumerable.Range(0, 65537).Select(i => $"\"{i}\":\"x.safetensors\""))}}}");
        Assert.Contains("the index lists too many tensors; expected at most 65536.", Assert.Throws<ModelFormatException>(() => ShardedSafetensors.OpenIndex(index)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_may_not_be_huge()
    {
        string index = _directory.PathOf(IndexName);
        using (FileStream stream = File.Create(index)) stream.SetLength((16L << 20) + 1);

        AssertFault(() => ShardedSafetensors.OpenIndex(index), $"{index}: the file is too large; expected at most 16777216 bytes; found 16777217 bytes.");
    }

    [Fact]
    public void Shards_without_an_index_are_searched_all()
    {
        WriteShard("model-00002-of-00002.safetensors", ("b", 2));
        WriteShard("model-00001-of-00002.safetensors", ("a", 1));
        WriteShard("model-of-something-else.safetensors", ("c", 3));

        using ShardedSafetensors shards = ShardedSafetensors.OpenWithoutIndex(_directory.Path)!;

        Assert.Equal((1f, 2f), (Value(shards, "a"), Value(shards, "b")));
        Assert.False(shards.TryGetTensor("c", out _));
    }

    [Fact]
    public void A_directory_without_shards_gives_none() => Assert.Null(ShardedSafetensors.OpenWithoutIndex(_directory.Path));

    [Theory]
    [InlineData(new[] { "model-00001-of-00003.safetensors", "model-00003-of-00003.safetensors" }, "a shard of the checkpoint is missing; expected model-00002-of-00003.safetensors.")]
    [InlineData(new[] { "model-00001-of-00001.safetensors", "model-00001-of-00002.safetensors" }, "the directory has shards of two checkpoints; expected model-00001-of-00001.safetensors to model-00001-of-00001.safetensors only; found model-00001-of-00002.safetensors.")]
    [InlineData(new[] { "model-00000-of-00001.safetensors", "model-00001-of-00001.safetensors" }, "the directory has shards of two checkpoints; expected model-00001-of-00001.safetensors to model-00001-of-00001.safetensors only; found model-00000-of-00001.safetensors.")]
    [InlineData(new[] { "model-00001-of-99999.safetensors" }, "the checkpoint has too many shards; expected at most 256; found model-00001-of-99999.safetensors.")]
    [InlineData(new[] { "model-00001-of-00000.safetensors" }, "the number of shards is impossible; expected at least 1; found model-00001-of-00000.safetensors.")]
    public void Shards_without_an_index_must_be_complete(string[] names, string expected)
    {
        foreach (string name in names) WriteShard(name, (name, 1));

        AssertFault(() => ShardedSafetensors.OpenWithoutIndex(_directory.Path), $"{_directory.Path}: {expected}");
    }

    [Fact]
    public void Two_shards_may_not_hold_the_same_tensor_when_no_index_decides()
    {
        WriteShard("model-00001-of-00002.safetensors", ("a", 1));
        WriteShard("model-00002-of-00002.safetensors", ("a", 2));

        AssertFault(
            () => ShardedSafetensors.OpenWithoutIndex(_directory.Path),
            $"{_directory.PathOf("model-00002-of-00002.safetensors")}: two shards hold the same tensor; tensor a; expected each tensor once; found it is also in {_directory.PathOf("model-00001-of-00002.safetensors")}.");
    }

    [Fact]
    public void Disposed_shards_give_no_tensors()
    {
        WriteShard("model-00001-of-00001.safetensors", ("a", 1));
        ShardedSafetensors shards = ShardedSafetensors.OpenWithoutIndex(_directory.Path)!;
        shards.Dispose();
        shards.Dispose();

        Assert.Throws<ObjectDisposedException>(() => shards.TryGetTensor("a", out _));
    }

    private static void AssertFault(Action action, string message) => Assert.Equal(message, Assert.Throws<ModelFormatException>(action).Message);

    private static float Value(ShardedSafetensors shards, string name)
    {
        using AlignedBuffer<float> values = shards.Require(name).ReadFloats();
        return values.Span[0];
    }

    private void WriteShard(string name, params (string Name, float Value)[] tensors) =>
        _directory.Write(name, SafetensorsWriter.Write([.. tensors.Select(tensor => new StoredTensor(tensor.Name, "F32", [], BitConverter.GetBytes(tensor.Value)))]));

    private string WriteIndex(string weightMap) => _directory.Write(IndexName, $$$"""{"metadata":{"total_size":8},"weight_map":{{{weightMap}}}}""");
}
