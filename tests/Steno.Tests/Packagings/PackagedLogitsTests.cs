namespace Steno.Tests.Packagings;

/// <summary>A file of another program computes what the values that it stores compute: logits against a checkpoint in F32 of what the scalar oracle finds in the blocks.</summary>
public sealed class PackagedLogitsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("F32", 1)]
    [InlineData("BF16", 1)]
    [InlineData("F16", 1)]
    [InlineData("Q8_0", 1)]
    [InlineData("Q5_1", 1)]
    [InlineData("Q5_0", 1)]
    [InlineData("Q4_1", 1)]
    [InlineData("Q4_0", 1)]
    [InlineData("Q6_K", 2)]
    [InlineData("Q5_K_M", 2)]
    [InlineData("Q4_K_M", 2)]
    public void Of_transcribe_cpp(string preset, int copies)
    {
        var source = new SourceModel(copies);
        string path = _directory.Write("model.gguf", TranscribeCppFile.Write(source, TypeOf).Write());

        AssertSame(source, path, TypeOf);

        string TypeOf(SourceTensor tensor) => TypeMixture.OfTranscribeCpp(preset, tensor);
    }

    [Theory]
    [InlineData("BF16", 1)]
    [InlineData("F16", 1)]
    [InlineData("Q8_0", 1)]
    [InlineData("Q4_0", 1)]
    [InlineData("Q4_K", 2)]
    [InlineData("Q2_K", 2)]
    [InlineData("Q3_K", 2)]
    public void Of_audio_cpp(string type, int copies)
    {
        var source = new SourceModel(copies);
        string path = _directory.Write("model.gguf", AudioCppFile.Write(source, TypeOf).Write());

        AssertSame(source, path, TypeOf);

        string TypeOf(SourceTensor tensor) => TypeMixture.OfAudioCpp(type, tensor);
    }

    [Theory]
    [InlineData("F32", 1)]
    [InlineData("F16", 1)]
    [InlineData("Q8_0", 1)]
    [InlineData("Q4_1", 1)]
    [InlineData("Q4_0", 1)]
    [InlineData("Q4_K", 2)]
    public void Of_chatllm_cpp(string type, int copies)
    {
        var source = new SourceModel(copies);
        string path = _directory.Write("model.bin", new ChatLlmFile(source, TypeOf).Write());

        AssertSame(source, path, TypeOf);

        string TypeOf(SourceTensor tensor) => TypeMixture.OfChatLlm(type, tensor);
    }

    // A reader that took the two halves of a byte for each other would pass a test that only looks for text.
    [Fact]
    public void Halves_of_bytes_in_the_wrong_order_give_other_logits()
    {
        var source = new SourceModel();
        var file = new ChatLlmFile(source, tensor => TypeMixture.OfChatLlm("Q4_0", tensor));
        string straight = _directory.Write("straight.bin", file.Write());
        byte[] data = file.DataOf("model.layers.0.mlp.down_proj.weight");
        for (int i = 0; i < data.Length; i++)
        {
            if (i % 18 >= 2) data[i] = (byte)((data[i] >> 4) | (data[i] << 4));
        }

        string swapped = _directory.Write("swapped.bin", file.Write());

        Assert.ThrowsAny<Exception>(() => Logits.AssertEqual(Logits.Of(straight, "english-1"), Logits.Of(swapped, "english-1")));
    }

    private static void AssertSame(SourceModel source, string path, Func<SourceTensor, string> typeOf)
    {
        using var reference = new TemporaryDirectory();
        source.WriteDirectory(reference, tensor => TypeMixture.Stored(tensor, typeOf(tensor)));
        Logits.AssertEqual(Logits.Of(reference.Path, "english-1"), Logits.Of(path, "english-1"));
    }
}
