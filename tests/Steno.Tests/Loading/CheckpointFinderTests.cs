using Steno.Checkpoints;
using Steno.Loading;
using Steno.Tests.Checkpoints;
using Steno.Tests.Dialects;
using Steno.Tests.Packagings;

namespace Steno.Tests.Loading;

public sealed class CheckpointFinderTests : IDisposable
{
    private static readonly TinyGgufOptions Q8 = new("Q8_0");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_link_that_leads_to_nothing_is_a_missing_file()
    {
        string link = File.CreateSymbolicLink(_directory.PathOf("link"), "nowhere").FullName;

        foreach (Action open in (Action[])[() => CheckpointFinder.Find(link), () => CheckpointFinder.Describe(link)])
            Assert.Equal($"{link}: there is no such file; expected a model; found a link to nowhere", Assert.Throws<ModelFormatException>(open).Message.TrimEnd('.'));
    }

    [Fact]
    public void A_directory_with_one_file_of_a_model_is_that_model()
    {
        string path = _directory.Write("anything.bin", TinyGguf.CrispAsr(Q8).Write());
        _directory.Write("README.md", "text");

        Assert.Equal(path, CheckpointFinder.Find(_directory.Path).Location);
    }

    [Fact]
    public void A_directory_with_a_file_of_chatllm_cpp_is_that_model()
    {
        string path = _directory.Write("q8.bin", new ChatLlmFile(new SourceModel(), tensor => TypeMixture.OfChatLlm("Q8_0", tensor)).Write());

        Assert.Equal(path, CheckpointFinder.Find(_directory.Path).Location);
    }

    [Fact]
    public void A_directory_with_a_pair_is_one_model()
    {
        string text = _directory.Write("model.gguf", TinyGguf.LlamaText(Q8, "qwen3vl").Write());
        string audio = _directory.Write("mmproj-model.gguf", TinyGguf.LlamaAudio(Q8, isEarly: false).Write());

        Assert.Equal([text, audio], CheckpointFinder.Find(_directory.Path).Files);
    }

    [Fact]
    public void Of_several_models_one_must_be_named()
    {
        _directory.Write("a.gguf", TinyGguf.CrispAsr(Q8).Write());
        _directory.Write("b.gguf", TinyGguf.PredictWoo(Q8).Write());

        Assert.Equal(
            $"{_directory.Path}: the directory holds several models; name one of the files; expected one; found a.gguf, b.gguf.",
            Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(_directory.Path)).Message);
    }

    [Fact]
    public void A_checkpoint_directory_stays_one_whatever_else_is_in_it()
    {
        TinyCheckpoint.Copy(_directory, "config.json", "vocab.json", "merges.txt", "tokenizer_config.json", "model.safetensors");
        _directory.Write("model.gguf", TinyGguf.CrispAsr(Q8).Write());

        Assert.IsType<CheckpointDirectory>(CheckpointFinder.Find(_directory.Path));
    }

    [Fact]
    public void A_second_file_goes_with_the_first_of_a_pair_alone()
    {
        string path = _directory.Write("q8.bin", new ChatLlmFile(new SourceModel(), tensor => TypeMixture.OfChatLlm("Q8_0", tensor)).Write());

        Assert.Contains("a second file was named, but this is not the first of a pair", Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path, path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Families_types_and_origins_are_told()
    {
        var source = new SourceModel();
        string transcribe = _directory.Write("t.gguf", TranscribeCppFile.Write(source, tensor => TypeMixture.OfTranscribeCpp("Q8_0", tensor)).Write());
        string pair = _directory.Write("p.gguf", TinyGguf.LlamaText(Q8, "qwen3vl").Write());
        _directory.Write("mmproj-p.gguf", TinyGguf.LlamaAudio(Q8, isEarly: false).Write());

        StoredModel model = StoredModel.Read(transcribe);

        Assert.Equal(("transcribe.cpp GGUF", ModelKind.SpeechToText, "Qwen3-ASR 0.6B, https://example.org/Qwen3-ASR-0.6B"), (model.Family, model.Kind, model.Origin));
        Assert.Equal(["Q8_0", "F32"], model.Weights.Select(weights => weights.Type));
        Assert.Equal(source.Tensors.Where(tensor => tensor.Shape.Length == 2).Sum(tensor => tensor.Values.LongLength), model.Weights[0].WeightCount);
        Assert.Equal(model.Weights[0].WeightCount / 32 * 34, model.Weights[0].SizeBytes);
        StoredModel both = StoredModel.Read(pair);
        Assert.Equal(("llama.cpp pair of GGUF files", 2), (both.Family, both.Files.Count));
        StoredModel builtIn = StoredModel.Read(AsrModel.BuiltInName);
        Assert.Equal(("checkpoint directory", "built in", "BF16"), (builtIn.Family, builtIn.Origin, builtIn.Weights.Single().Type));
    }
}
