using System.Text.Json;
using Steno.Checkpoints;
using Steno.Dialects;
using Steno.Formats.Gguf;
using Steno.Loading;
using Steno.Tensors;
using Steno.Tests.Checkpoints;
using Steno.Tokenization;

namespace Steno.Tests.Dialects;

public sealed class GgufCheckpointTests : IDisposable
{
    private static readonly TinyGgufOptions F16 = new("F16");
    private static readonly TinyGgufOptions Q8 = new("Q8_0");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_tensor_has_the_name_shape_and_values_of_the_checkpoint()
    {
        string pair = _directory.Write("model.gguf", TinyGguf.LlamaText(F16, "qwen3vl").Write());
        _directory.Write("model-mmproj.gguf", TinyGguf.LlamaAudio(F16, isEarly: false).Write());
        string[] paths =
        [
            pair,
            _directory.Write("a.gguf.bin", TinyGguf.CrispAsr(F16).Write()),
            _directory.Write("c.gguf.bin", TinyGguf.PredictWoo(F16).Write()),
            _directory.Write("d.gguf.bin", TinyGguf.QwenAsrCpp(F16).Write()),
        ];
        using IWeightSource expected = CheckpointDirectory.Open(TinyCheckpoint.Directory).OpenWeights();
        foreach (string path in paths)
        {
            Checkpoint checkpoint = CheckpointFinder.Find(path);
            Assert.Equal(CheckpointDirectory.Open(TinyCheckpoint.Directory).Config with { SupportedLanguages = checkpoint.Config.SupportedLanguages }, checkpoint.Config);
            using IWeightSource weights = checkpoint.OpenWeights();
            (string Name, long[] Shape)[] tensors = [.. ModelTensors.Of(checkpoint.Config)];
            Assert.Equal(TinyCheckpoint.ReadTensors().Select(tensor => tensor.Name).Order(StringComparer.Ordinal), tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
            foreach ((string name, long[] shape) in tensors)
            {
                using AlignedBuffer<float> actual = weights.Require(name, shape).ReadFloats();
                using AlignedBuffer<float> original = expected.Require(name, shape).ReadFloats();
                for (int i = 0; i < actual.Length; i++) Assert.Equal(shape.Length > 1 ? (float)(Half)original.Span[i] : original.Span[i], actual.Span[i]);
            }
        }
    }

    [Fact]
    public void The_tokenizer_of_a_file_is_that_of_the_checkpoint()
    {
        string path = _directory.Write("model.gguf", TinyGguf.CrispAsr(Q8).Write());
        BpeTokenizer expected = CheckpointDirectory.Open(TinyCheckpoint.Directory).LoadTokenizer();

        BpeTokenizer actual = CheckpointFinder.Find(path).LoadTokenizer();

        Assert.Equal(expected.SpecialTokens, actual.SpecialTokens);
        Assert.Equal(expected.VocabularySize, actual.VocabularySize);
        for (int id = 0; id < expected.VocabularySize; id++)
        {
            Assert.Equal(expected.TokenBytes(id).ToArray(), actual.TokenBytes(id).ToArray());
            Assert.Equal(expected.IsSpecial(id), actual.IsSpecial(id));
        }

        const string Text = "language English<asr_text>Turn on the lights, 12 of them! 你好。";
        Assert.Equal(expected.Encode(Text, allowAddedTokens: true), actual.Encode(Text, allowAddedTokens: true));
    }

    [Fact]
    public void Added_tokens_that_a_converter_left_as_padding_are_known_by_their_ids()
    {
        string tokenizer = Repository.RequireShared("data", "tokenizer");
        BpeTokenizer expected = TokenizerLoader.Load(Path.Combine(tokenizer, "vocab.json"), Path.Combine(tokenizer, "merges.txt"), null, null);
        string[] tokens = new string[151936];
        using (var vocabulary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(tokenizer, "vocab.json"))))
        {
            foreach (JsonProperty symbol in vocabulary.RootElement.EnumerateObject()) tokens[symbol.Value.GetInt32()] = symbol.Name;
        }

        for (int id = 151643; id < tokens.Length; id++) tokens[id] = id is 151644 or 151645 ? expected.Decode([id], skipSpecial: false) : $"[PAD{id}]";
        string[] merges = [.. File.ReadAllLines(Path.Combine(tokenizer, "merges.txt")).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))];
        string path = _directory.Write("tokens.gguf", new GgufTestWriter().Text("tokenizer.ggml.model", "gpt2").Texts("tokenizer.ggml.tokens", tokens).Texts("tokenizer.ggml.merges", merges).Write());
        using GgufFile file = GgufFile.Open(path);

        BpeTokenizer actual = GgufTokenizerReader.Read(file);

        Assert.Equal(expected.SpecialTokens, actual.SpecialTokens);
        Assert.Equal(expected.VocabularySize, actual.VocabularySize);
        const string Text = "<|im_start|>system\nIt's 9 o'clock, naïve 世界…<|im_end|><timestamp>";
        Assert.Equal(expected.Encode(Text, allowAddedTokens: true), actual.Encode(Text, allowAddedTokens: true));
    }

    // As many rows as the published models have, most of them for nothing, where those have their added tokens.
    [Fact]
    public void Padding_after_another_vocabulary_than_that_of_Qwen2_stands_for_nothing()
    {
        string[] tokens = TinyGguf.Tokens();
        string[] padded = [.. tokens, .. Enumerable.Range(tokens.Length, 151936 - tokens.Length).Select(id => $"[PAD{id}]")];
        string path = _directory.Write("tokens.gguf", new GgufTestWriter().Text("tokenizer.ggml.model", "gpt2").Texts("tokenizer.ggml.tokens", padded).Texts("tokenizer.ggml.merges", TinyGguf.Merges()).Write());
        using GgufFile file = GgufFile.Open(path);
        BpeTokenizer expected = CheckpointFinder.Find(TinyCheckpoint.Directory).LoadTokenizer();

        BpeTokenizer actual = GgufTokenizerReader.Read(file);

        Assert.Equal((expected.SpecialTokens, expected.VocabularySize), (actual.SpecialTokens, actual.VocabularySize));
    }

    [Fact]
    public void A_tokenizer_may_lie_beside_a_file_that_has_none()
    {
        string path = _directory.Write("model.gguf", TinyGguf.CrispAsr(Q8).WithoutKey("tokenizer.ggml.merges").Write());
        AssertFault(path, "the file has no tokenizer; expected tokenizer.ggml.tokens and tokenizer.ggml.merges, or tokenizer.json or vocab.json and merges.txt beside it; found none of these");
        TinyCheckpoint.Copy(_directory, "vocab.json", "merges.txt", "tokenizer_config.json");

        Assert.Equal(1123, CheckpointFinder.Find(path).LoadTokenizer().VocabularySize);
    }

    [Fact]
    public void A_head_that_repeats_the_embedding_is_tied_and_another_is_not()
    {
        GgufTestWriter file = TinyGguf.CrispAsr(Q8);
        Assert.True(CheckpointFinder.Find(_directory.Write("model.gguf", file.Write())).Config.Text.HasTiedHead);
        byte[] head = [.. file.DataOf("output.weight")];
        head[^1]++;
        file.Without("output.weight").Tensor("output.weight", [1123, 128], 8, head);

        Assert.False(CheckpointFinder.Find(_directory.Write("model.gguf", file.Write())).Config.Text.HasTiedHead);
    }

    [Fact]
    public void Half_of_a_pair_is_not_enough()
    {
        string text = _directory.Write("model.gguf", TinyGguf.LlamaText(Q8, "qwen3vl").Write());
        AssertFault(text, "the model's audio tower (mmproj) is missing; expected a file beside it with 'mmproj' in its name, whose outputs are as wide as the language model, or one named with --mmproj (AsrModelOptions.CompanionPath); found no such file");
        _directory.Write("mmproj-other.gguf", TinyGguf.LlamaAudio(Q8 with { Copies = 2 }, isEarly: false).Write());
        AssertFault(text, "the model's audio tower (mmproj) is missing; expected a file beside it with 'mmproj' in its name, whose outputs are as wide as the language model, or one named with --mmproj (AsrModelOptions.CompanionPath); found none that fits among mmproj-other.gguf");
        AssertFault(_directory.PathOf("mmproj-other.gguf"), "the model's language model is missing; expected a file beside it that holds the qwen3vl or qwen3 half, as wide as the tower's outputs, or one named with --mmproj (AsrModelOptions.CompanionPath); found none that fits among model.gguf");
    }

    [Fact]
    public void The_halves_of_two_models_do_not_mix()
    {
        string text = _directory.Write("model.gguf", TinyGguf.LlamaText(Q8, "qwen3vl").Write());
        string other = _directory.Write("other.gguf", TinyGguf.LlamaAudio(Q8 with { Copies = 2 }, isEarly: false).Write());

        AssertFault(text, "the two files are not the halves of one model; expected the mmproj file of this language model; found " + other, other);
        AssertFault(other, "the two files are not the halves of one model; expected the language model of this mmproj file; found " + text, text);
        AssertFault(text, "the two files are not the halves of one model; expected the mmproj file of this language model; found " + text, text);
    }

    [Fact]
    public void Two_towers_that_fit_are_one_too_many_unless_one_is_named()
    {
        string text = _directory.Write("model.gguf", TinyGguf.LlamaText(Q8, "qwen3").Write());
        string audio = _directory.Write("mmproj-1.gguf", TinyGguf.LlamaAudio(Q8, isEarly: true).Write());
        _directory.Write("mmproj-2.gguf", TinyGguf.LlamaAudio(Q8, isEarly: false).Write());

        AssertFault(text, "several files could be the model's audio tower (mmproj); expected mmproj-model.gguf, or one named with --mmproj (AsrModelOptions.CompanionPath); found mmproj-1.gguf, mmproj-2.gguf.");
        Assert.Equal(128, CheckpointFinder.Find(text, audio).Config.Audio.Width);
    }

    [Theory]
    [InlineData("a.gguf", "mmproj-a.gguf")]
    [InlineData("b.gguf", "mmproj-b.gguf")]
    [InlineData("mmproj-a.gguf", "a.gguf")]
    [InlineData("mmproj-b.gguf", "b.gguf")]
    public void Of_two_pairs_in_one_folder_the_files_belong_together_that_have_one_name(string named, string other)
    {
        foreach (string name in new[] { "a.gguf", "b.gguf" })
        {
            _directory.Write(name, TinyGguf.LlamaText(Q8, "qwen3vl").Write());
            _directory.Write("mmproj-" + name, TinyGguf.LlamaAudio(Q8, isEarly: false).Write());
        }

        Assert.Equal(
            new[] { named, other }.Order(StringComparer.Ordinal),
            CheckpointFinder.Find(_directory.PathOf(named)).Files.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_damaged_file_of_the_right_name_is_a_fault_and_not_passed_over_for_another()
    {
        string text = _directory.Write("a.gguf", TinyGguf.LlamaText(Q8, "qwen3vl").Write());
        byte[] audio = TinyGguf.LlamaAudio(Q8, isEarly: false).Write();
        _directory.Write("mmproj-b.gguf", audio);
        string damaged = _directory.Write("mmproj-a.gguf", audio.AsSpan(0, audio.Length - 1000));

        var fault = Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(text));

        Assert.Equal(damaged, fault.File);
    }

    [Fact]
    public void Merges_that_are_cut_short_are_a_fault()
    {
        GgufTestWriter file = TinyGguf.CrispAsr(Q8).WithoutKey("tokenizer.ggml.merges").Texts("tokenizer.ggml.merges", TinyGguf.Merges()[..^1]);

        AssertFault(file, "merges are missing: the list is cut short, or goes with another vocabulary; expected one that makes ");
    }

    [Fact]
    public void A_second_file_for_a_whole_model_is_a_fault()
    {
        string path = _directory.Write("model.gguf", TinyGguf.CrispAsr(Q8).Write());

        AssertFault(path, "a second file was named, but this file holds the whole model; expected one file; found " + path, path);
    }

    [Fact]
    public void A_path_that_leads_nowhere_and_a_second_file_for_a_directory_are_faults()
    {
        AssertFault(_directory.PathOf("absent.gguf"), "there is no such file; expected a GGUF file; found nothing");
        AssertFault(TinyCheckpoint.Directory, "a second file was named, but this is not the first of a pair; expected a GGUF file; found x.gguf", "x.gguf");
    }

    [Theory]
    [InlineData("llama", "found architecture 'llama'")]
    [InlineData("clip", "this is a tower of another model: found no projector type")]
    public void Another_model_is_refused_by_name(string architecture, string message)
    {
        string path = _directory.Write("model.gguf", new GgufTestWriter().Text("general.architecture", architecture).Write());

        Assert.Contains(message, Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_aligner_is_refused()
    {
        GgufTestWriter file = TinyGguf.CrispAsr(Q8).Without("output.weight").Tensor("output.weight", [50, 128], 0, new byte[50 * 128 * 4]);

        string message = Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(_directory.Write("model.gguf", file.Write()))).Message;

        Assert.Contains("forced aligner", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_contradicts_itself_is_a_fault()
    {
        AssertFault(TinyGguf.CrispAsr(Q8).Without("blk.2.ffn_up.weight"), "the file lacks a tensor of the model; tensor blk.2.ffn_up.weight; expected the tensor; found no tensor of that name");
        AssertFault(TinyGguf.CrispAsr(Q8).WithoutKey("qwen3asr.llm.n_layers").Number("qwen3asr.llm.n_layers", 5), "qwen3asr.llm.n_layers contradicts the tensors; at byte");
        AssertFault(TinyGguf.CrispAsr(Q8).Without("blk.1.attn_k.weight").Tensor("blk.1.attn_k.weight", [64, 128], 0, new byte[64 * 128 * 4]), "the tensor has another shape than the rest of the model calls for; tensor blk.1.attn_k.weight; at byte");
        AssertFault(TinyGguf.CrispAsr(Q8).Without("blk.1.attn_k.weight").Tensor("blk.1.attn_k.weight", [128, 256], 17, new byte[128 * 74]), "the tensor is stored in a number format that Steno does not compute with; tensor blk.1.attn_k.weight; at byte");
        AssertFault(TinyGguf.CrispAsr(Q8).Tensor("blk.9.attn_k.weight", [8], 0, new byte[32]), "the file lacks a layer of the model; expected tensors whose names begin with blk.4.; found none");
        AssertFault(TinyGguf.CrispAsr(Q8).Tensor("blk.x.attn_k.weight", [8], 0, new byte[32]), "a tensor's name has no layer number; tensor blk.x.attn_k.weight");
        AssertFault(TinyGguf.CrispAsr(Q8).WithoutKey("qwen3asr.audio.n_heads").Number("qwen3asr.audio.n_heads", 3), "qwen3asr.audio.n_heads does not divide the width of the audio tower");
        AssertFault(TinyGguf.CrispAsr(Q8).WithoutKey("tokenizer.ggml.tokens").Texts("tokenizer.ggml.tokens", ["a", "b"]), "no symbol for the single byte");
        AssertFault(TinyGguf.CrispAsr(Q8).WithoutKey("general.architecture"), "general.architecture is missing");
    }

    [Theory]
    [InlineData("Q8_0", "blk.3.ffn_down.weight")]
    [InlineData("Q4_0", "audio.blk.0.ffn_up.weight")]
    [InlineData("F16", "token_embd.weight")]
    public void A_scale_that_is_not_a_number_is_found_while_loading(string type, string tensor)
    {
        GgufTestWriter writer = TinyGguf.CrispAsr(new TinyGgufOptions(type));
        int blockBytes = DTypeInfo.Of(Enum.Parse<DType>(type)).BlockBytes;
        int place = 5 * blockBytes;
        byte[] data = writer.DataOf(tensor);
        data[place] = 0x01;
        data[place + 1] = 0x7E;
        string path = _directory.Write("model.gguf", writer.Write());

        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => AsrModel.Load(path).Dispose());

        Assert.Equal(path, fault.File);
        Assert.Equal(tensor, fault.Tensor);
        Assert.Equal("finite numbers", fault.Expected);
        Assert.StartsWith("NaN at element ", fault.Found, StringComparison.Ordinal);
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal([0x01, 0x7E], file[(int)fault.Offset!.Value..((int)fault.Offset.Value + 2)]);
    }

    [Fact]
    public void A_file_cut_short_at_any_of_the_first_64_KiB_is_a_fault()
    {
        byte[] file = TinyGguf.CrispAsr(Q8).Write();
        for (int length = 0; length < 65536; length++)
        {
            try
            {
                GgufHeader.Read(file.AsSpan(0, length), length, "model.gguf");
                Assert.Fail($"{length} bytes were taken for the whole");
            }
            catch (ModelFormatException fault)
            {
                if (fault.Offset is null || fault.Expected is null || fault.Found is null) Assert.Fail(fault.Message);
            }
        }

        for (int length = 0; length < 65536; length += 4999)
        {
            string path = _directory.Write("model.gguf", file.AsSpan(0, length));
            Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path));
        }
    }

    private void AssertFault(GgufTestWriter file, string message) => AssertFault(_directory.Write("model.gguf", file.Write()), message);

    private static void AssertFault(string path, string message, string? companion = null)
    {
        string actual = Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path, companion)).Message;
        Assert.Contains(message, actual, StringComparison.Ordinal);
        Assert.StartsWith(path + ": ", actual, StringComparison.Ordinal);
    }
}
