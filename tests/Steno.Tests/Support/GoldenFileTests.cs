namespace Steno.Tests.Support;

public sealed class GoldenFileTests
{
    [Fact]
    public void A_golden_gives_shapes_values_and_metadata()
    {
        GoldenFile golden = GoldenFile.Load(Repository.PathOf("tests", "data", "golden", "tiny-asr", "english.safetensors"));

        Assert.Equal([413, 128], golden.Shape("mel"));
        Assert.Equal(413 * 128, golden["mel"].Length);
        Assert.Equal("windowed", golden.Metadata("attention"));
        Assert.All(golden.Names, name => Assert.All(golden[name], value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error()
    {
        GoldenFile golden = GoldenFile.Load(Repository.PathOf("tests", "data", "golden", "tiny-asr", "english.safetensors"));

        Assert.Throws<KeyNotFoundException>(() => golden["mels"]);
        Assert.Throws<KeyNotFoundException>(() => golden.Metadata("mel"));
    }
}
