using Steno.Checkpoints;
using Steno.Dialects;
using Steno.Exporting;
using Steno.Formats.Ggmm;
using Steno.Formats.Gguf;
using Steno.Formats.Safetensors;
using Steno.Loading;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Tests.Packagings;

/// <summary>Files that the programs' own converters wrote: nothing of Steno took part.</summary>
public sealed class SharedPackagingTests
{
    [Theory]
    [InlineData("transcribe-cpp/tiny-BF16.gguf")]
    [InlineData("transcribe-cpp/tiny-Q8_0.gguf")]
    [InlineData("audio-cpp/tiny-asr-orig.gguf")]
    [InlineData("audio-cpp/tiny-asr-q8_0.gguf")]
    [InlineData("chatllm/tiny-asr-f16.bin")]
    [InlineData("chatllm/tiny-asr-q8_0.bin")]
    public async Task A_file_of_16_or_8_bits_gives_the_texts_of_the_original(string name) =>
        Assert.Equal(await SharedPackagings.TextsOf(SharedPackagings.Original), await SharedPackagings.TextsOf(SharedPackagings.PathOf(name)));

    // Most matrices of the first two are too narrow for 4 bits.
    [Theory]
    [InlineData("transcribe-cpp/tiny-Q4_K_M.gguf")]
    [InlineData("audio-cpp/tiny-asr-q4_k.gguf")]
    [InlineData("chatllm/tiny-asr-q4_0.bin")]
    public async Task A_file_of_4_bits_gives_the_texts_that_it_has_given_so_far(string name)
    {
        Dictionary<string, string> expected = await SharedPackagings.TextsOf(SharedPackagings.Original);
        foreach ((string file, string recording, string text) in OtherTexts.Where(entry => entry.File == name)) expected[recording] = text;

        Assert.Equal(expected, await SharedPackagings.TextsOf(SharedPackagings.PathOf(name)));
    }

    /// <summary>What files of 4 bits write otherwise than the original.</summary>
    private static (string File, string Recording, string Text)[] OtherTexts => [];

    [Theory]
    [InlineData("transcribe-cpp/tiny-BF16.gguf")]
    [InlineData("audio-cpp/tiny-asr-orig.gguf")]
    public void A_file_in_which_nothing_was_lost_has_the_weights_and_the_tokens_of_the_original(string name)
    {
        Checkpoint expected = CheckpointFinder.Find(SharedPackagings.Original);
        Checkpoint actual = CheckpointFinder.Find(SharedPackagings.PathOf(name));
        Assert.Equal(expected.Config with { SupportedLanguages = [] }, actual.Config with { SupportedLanguages = [] });
        Assert.Equal(expected.LoadTokenizer().SpecialTokens, actual.LoadTokenizer().SpecialTokens);
        using IWeightSource expectedWeights = expected.OpenWeights();
        using IWeightSource actualWeights = actual.OpenWeights();
        foreach ((string tensor, long[] shape) in ModelTensors.Of(expected.Config))
        {
            using AlignedBuffer<float> values = actualWeights.Require(tensor, shape).ReadFloats();
            using AlignedBuffer<float> originals = expectedWeights.Require(tensor, shape).ReadFloats();

            // transcribe.cpp has convolutions in F16.
            bool isRounded = shape.Length == 4 && name.StartsWith("transcribe", StringComparison.Ordinal);
            for (int i = 0; i < values.Length; i++) Assert.Equal(isRounded ? (float)(Half)originals.Span[i] : originals.Span[i], values.Span[i]);
        }
    }

    [Theory]
    [InlineData("audio-cpp/tiny-aligner-q8_0.gguf", "audio.cpp GGUF")]
    [InlineData("chatllm/tiny-aligner-q8_0.bin", "chatllm.cpp file")]
    public void An_aligner_is_known_for_one_and_its_weights_can_be_read(string name, string family)
    {
        string path = SharedPackagings.PathOf(name);

        UnsupportedModelException fault = Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(path));

        Assert.StartsWith($"{path}: this is a Qwen3 forced aligner, which finds the times of words in a given text; it is not a speech-to-text model.", fault.Message, StringComparison.Ordinal);
        StoredModel stored = StoredModel.Read(path);
        Assert.Equal((ModelKind.ForcedAligner, family), (stored.Kind, stored.Family));
        using IWeightSource original = SafetensorsFile.Open(Repository.RequireShared("models", "tiny-aligner", "model.safetensors"));
        using IWeightSource weights = family.StartsWith("audio", StringComparison.Ordinal) ? AudioCppCheckpoint.OpenWeights(path) : new ChatLlmWeights(GgmmFile.Open(path));
        foreach (string tensor in new[] { "thinker.audio_tower.layers.3.fc2.weight", "thinker.model.layers.0.self_attn.o_proj.weight", "thinker.model.norm.weight", "thinker.lm_head.weight" })
        {
            Assert.True(original.TryGetTensor(tensor, out TensorView expected));
            using AlignedBuffer<float> values = weights.Require(tensor, expected.Shape).ReadFloats();
            using AlignedBuffer<float> originals = expected.ReadFloats();
            float largest = originals.Span.ToArray().Max(MathF.Abs);
            for (int i = 0; i < values.Length; i++) Assert.InRange(values.Span[i] - originals.Span[i], -largest / 200, largest / 200);
        }
    }

    // Keys that only say who made a file, and whose licence it has, are the converter's own.
    [Fact]
    public void What_Steno_writes_for_transcribe_cpp_is_what_its_own_converter_writes()
    {
        string expectedPath = SharedPackagings.PathOf("transcribe-cpp/tiny-BF16.gguf");
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("model.gguf");
        using (var exporter = new GgufExporter(CheckpointFinder.Find(SharedPackagings.Original), GgufMixture.Find("bf16")!, allowLossy: false, importance: null, WorkerPool.Shared))
        {
            exporter.PlanTranscribeCpp(path);
            exporter.Write(overwrites: false, TestContext.Current.CancellationToken);
        }

        using GgufFile expected = GgufFile.Open(expectedPath);
        using GgufFile actual = GgufFile.Open(path);
        string[] keys = [.. KeysOf(expectedPath).Where(key => !key.StartsWith("general.", StringComparison.Ordinal) || key is "general.architecture" or "general.languages" or "general.file_type")];
        Assert.Equal(keys.Order(StringComparer.Ordinal), KeysOf(path).Where(key => key != "general.name").Order(StringComparer.Ordinal));
        foreach (string key in keys.Except(["stt.variant", "tokenizer.ggml.token_type"], StringComparer.Ordinal)) Assert.Equal(ValueOf(expectedPath, key), ValueOf(path, key));
        Assert.Equal(expected.Tensors.Values.Select(Describe).Order(StringComparer.Ordinal), actual.Tensors.Values.Select(Describe).Order(StringComparer.Ordinal));
        foreach (GgufTensor tensor in expected.Tensors.Values)
        {
            Assert.True(expected.TryGetTensor(tensor.Name, out TensorView expectedView) && actual.TryGetTensor(tensor.Name, out TensorView _));
            actual.TryGetTensor(tensor.Name, out TensorView actualView);
            using AlignedBuffer<float> values = actualView.ReadFloats();
            using AlignedBuffer<float> originals = expectedView.ReadFloats();
            Assert.Equal(originals.Span.ToArray(), values.Span.ToArray());
        }
    }

    private static string Describe(GgufTensor tensor) => $"{tensor.Name} {tensor.Type} {tensor.ShapeText}";

    private static IEnumerable<string> KeysOf(string path) => Header(path).Values.Keys;

    private static string ValueOf(string path, string key)
    {
        GgufHeader header = Header(path);
        GgufValue value = header.Values[key];
        byte[] bytes = File.ReadAllBytes(path);
        int size = value.Type switch
        {
            GgufValueType.String => value.Count,
            GgufValueType.Array => TextsLength(bytes, value),
            _ => GgufValue.SizeOf(value.Type),
        };
        return $"{value.Type} {value.ElementType} {value.Count} {Convert.ToHexString(bytes, value.Offset, size)}";
    }

    private static int TextsLength(byte[] bytes, GgufValue value)
    {
        var texts = new GgufTexts(bytes.AsSpan(value.Offset), value.Count);
        int length = 0;
        for (int i = 0; i < texts.Count; i++) length += sizeof(long) + texts.ReadNext().Length;
        return length;
    }

    private static GgufHeader Header(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return GgufHeader.Read(bytes, bytes.Length, path);
    }
}
