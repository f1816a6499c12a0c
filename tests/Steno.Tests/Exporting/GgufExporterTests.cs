using Steno.Exporting;
using Steno.Formats.Gguf;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;
using Steno.Tests.Checkpoints;
using Steno.Tests.Dialects;
using Steno.Threading;
using Steno.Tokenization;

namespace Steno.Tests.Exporting;

public sealed class GgufExporterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("bf16")]
    [InlineData("q8_0")]
    [InlineData("keep")]
    [InlineData("f32")]
    [InlineData("f16")]
    public async Task A_checkpoint_written_in_either_dialect_gives_the_same_text(string mixture)
    {
        Write(TinyCheckpoint.Directory, mixture, "whole.gguf");
        using (GgufExporter exporter = Exporter(TinyCheckpoint.Directory, mixture))
        {
            exporter.PlanLlamaCpp(_directory.PathOf("text.gguf"), _directory.PathOf("mmproj-text.gguf"));
            exporter.Write(overwrites: false, CancellationToken.None);
            Assert.All(exporter.Files, file => Assert.Equal(new FileInfo(file.Path).Length, file.ByteCount));
        }

        Assert.Equal(["mmproj-text.gguf", "text.gguf", "whole.gguf"], Directory.GetFiles(_directory.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (string name in new[] { "whole.gguf", "text.gguf" })
        {
            using AsrModel model = AsrModel.Load(_directory.PathOf(name));
            foreach (string sample in Samples.Names) Assert.Equal(Samples.Text(sample), (await model.TranscribeAsync(Samples.AudioPath(sample))).Text);
        }
    }

    [Theory]
    [InlineData("q8_0", "q8_0")]
    [InlineData("q8_0", "keep")]
    [InlineData("q4_0", "keep")]
    [InlineData("keep", "keep")]
    public void A_file_written_again_is_the_same_byte_for_byte(string mixture, string again)
    {
        Write(TinyCheckpoint.Directory, mixture, "a.gguf");
        Write(_directory.PathOf("a.gguf"), again, "b.gguf");

        Assert.Equal(File.ReadAllBytes(_directory.PathOf("a.gguf")), File.ReadAllBytes(_directory.PathOf("b.gguf")));
    }

    // ggml's and llama.cpp's own numbers (ggml.h, llama.h).
    [Theory]
    [InlineData("keep", 24, 32, 32)]
    [InlineData("bf16", 24, 32, 32)]
    [InlineData("f32", 0, 0, 0)]
    [InlineData("f16", 1, 1, 1)]
    [InlineData("q8_0", 7, 7, 7)]
    public void Every_file_tells_the_format_of_most_of_its_weights(string mixture, int crispAsr, int text, int audio)
    {
        Write(TinyCheckpoint.Directory, mixture, "whole.gguf");
        WritePair(TinyCheckpoint.Directory, mixture);

        Assert.Equal([crispAsr, text, audio], new[] { "whole.gguf", "text.gguf", "mmproj-text.gguf" }.Select(FileType));
    }

    [Theory]
    [InlineData("q4_0", 2)]
    [InlineData("q5_0", 8)]
    [InlineData("q4_k", 14)]
    [InlineData("q4_k_m", 15)]
    [InlineData("steno-q4", 15)]
    [InlineData("q5_k", 16)]
    [InlineData("steno-q5", 17)]
    [InlineData("q6_k", 18)]
    public void A_language_model_tells_its_mixture_by_the_number_of_llama_cpp(string mixture, int expected)
    {
        WritePair(_directory.Write("wide.gguf", TinyGguf.CrispAsr(new TinyGgufOptions("F16", Copies: 2)).Write()), mixture);

        Assert.Equal([expected, 7], new[] { "text.gguf", "mmproj-text.gguf" }.Select(FileType));
    }

    [Fact]
    public void Every_format_has_a_number_in_both_lists()
    {
        DType[] types = Enum.GetValues<DType>();
        (DType Type, int Ggml, int Small, int Medium)[] expected =
        [
            (DType.F32, 0, 0, 0), (DType.F16, 1, 1, 1), (DType.BF16, 24, 32, 32), (DType.Q8_0, 7, 7, 7), (DType.Q4_0, 2, 2, 2), (DType.Q4_1, 3, 3, 3), (DType.Q5_0, 8, 8, 8), (DType.Q5_1, 9, 9, 9),
            (DType.Q2_K, 10, 10, 10), (DType.Q3_K, 11, 11, 12), (DType.Q4_K, 12, 14, 15), (DType.Q5_K, 13, 16, 17), (DType.Q6_K, 14, 18, 18), (DType.IQ4_NL, 19, 25, 25), (DType.IQ4_XS, 22, 30, 30),
        ];

        Assert.Equal(
            expected.OrderBy(entry => entry.Type),
            types.Order().Select(type => (type, (int)GgufFileType.Ggml(type), (int)GgufFileType.LlamaCpp(type, isMixture: false), (int)GgufFileType.LlamaCpp(type, isMixture: true))));
    }

    [Fact]
    public void The_language_model_of_a_pair_has_what_llama_cpp_builds_prompts_with()
    {
        WritePair(TinyCheckpoint.Directory, "f16");
        using GgufFile file = GgufFile.Open(_directory.PathOf("text.gguf"));
        SpecialTokens tokens = CheckpointFinder.Find(TinyCheckpoint.Directory).LoadTokenizer().SpecialTokens;

        Assert.Equal(tokens.ImEnd, file.Metadata.Integer("tokenizer.ggml.bos_token_id", 0, int.MaxValue));
        Assert.Equal(tokens.ImEnd, file.Metadata.Integer("tokenizer.ggml.eos_token_id", 0, int.MaxValue));
        Assert.Equal(
            "<|im_start|>system\nbias<|im_end|>\n<|im_start|>user\n<audio><|im_end|>\n<|im_start|>assistant\n",
            Render(file.Metadata.Text("tokenizer.chat_template")!, ("system", "bias"), ("user", "<audio>")));
    }

    [Fact]
    public void Tower_and_head_keep_their_bits_unless_loss_is_allowed()
    {
        string wide = _directory.Write("wide.gguf", TinyGguf.CrispAsr(new TinyGgufOptions("F16", Copies: 2)).Write());
        Write(wide, "q4_k_m", "m.gguf");
        Write(wide, "q4_k", "lossy.gguf", allowLossy: true);

        Assert.Equal(["Q8_0", "F16", "F32", "Q6_K", "Q6_K", "Q4_K", "Q4_K"], Types("m.gguf"));
        Assert.Equal(["Q4_K", "F16", "F32", "Q4_K", "Q4_K", "Q4_K", "Q4_K"], Types("lossy.gguf"));
        using GgufFile file = GgufFile.Open(_directory.PathOf("m.gguf"));
        Assert.Equal(["Q4_K", "Q4_K", "Q6_K", "Q6_K"], Enumerable.Range(0, 4).Select(i => file.Tensors[$"blk.{i}.ffn_down.weight"].Type.Name));
    }

    [Fact]
    public void A_weight_that_the_format_cannot_hold_leaves_no_file()
    {
        GgufTestWriter source = TinyGguf.CrispAsr(new TinyGgufOptions("F32"));
        BitConverter.GetBytes(70000f).CopyTo(source.DataOf("blk.0.attn_q.weight"), 4 * 300);
        string path = _directory.Write("source.gguf", source.Write());

        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => Write(path, "f16", "out.gguf"));

        Assert.Contains("row 2 has weights that are too large for F16; tensor blk.0.attn_q.weight", fault.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Work_that_is_stopped_leaves_what_was_there()
    {
        string path = _directory.Write("out.gguf", "mine");
        using var stop = new CancellationTokenSource();
        using var exporter = new GgufExporter(CheckpointFinder.Find(TinyCheckpoint.Directory), Mixture("f32"), allowLossy: false, importance: null, WorkerPool.Shared) { OnProgress = _ => stop.Cancel() };
        exporter.PlanCrispAsr(path);

        Assert.Throws<OperationCanceledException>(() => exporter.Write(overwrites: true, stop.Token));

        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Of_a_pair_that_is_stopped_halfway_neither_file_is_left()
    {
        using var stop = new CancellationTokenSource();
        long firstBytes = long.MaxValue;
        using var exporter = new GgufExporter(CheckpointFinder.Find(TinyCheckpoint.Directory), Mixture("f16"), allowLossy: false, importance: null, WorkerPool.Shared)
        {
            OnProgress = done =>
            {
                if (done > Volatile.Read(ref firstBytes)) stop.Cancel();
            },
        };
        exporter.PlanLlamaCpp(_directory.PathOf("text.gguf"), _directory.PathOf("mmproj-text.gguf"));
        firstBytes = exporter.Files[0].ByteCount;

        Assert.Throws<OperationCanceledException>(() => exporter.Write(overwrites: false, stop.Token));

        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    // The layers that llama.cpp stores more finely in a model of 28, as its own tool reports them.
    [Fact]
    public void The_medium_mixture_stores_the_layers_of_llama_cpp_more_finely()
    {
        int[] layers = [.. Enumerable.Range(0, 28).Where(i => Choose("q4_k_m", $"thinker.model.layers.{i}.mlp.down_proj.weight", [1024, 3072]).Type == DType.Q6_K)];

        Assert.Equal([0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 24, 25, 26, 27], layers);
        Assert.Equal(DType.Q4_K, Choose("q4_k_m", "thinker.model.layers.0.mlp.up_proj.weight", [3072, 1024]).Type);
        Assert.Equal(DType.Q6_K, Choose("q4_k_m", "thinker.model.layers.0.self_attn.v_proj.weight", [1024, 1024]).Type);
        Assert.Equal(DType.Q8_0, Choose("q4_k_m", "thinker.audio_tower.layers.0.fc1.weight", [3584, 896]).Type);
        Assert.Equal(DType.Q6_K, Choose("q4_k_m", "thinker.model.embed_tokens.weight", [151936, 1024]).Type);
        Assert.Equal(DType.Q4_K, Choose("q4_k_m", "thinker.model.embed_tokens.weight", [151936, 1024], isTied: false).Type);
        Assert.Equal(DType.Q6_K, Choose("q4_k_m", "thinker.lm_head.weight", [151936, 1024], isTied: false).Type);
    }

    [Theory]
    [InlineData("q4_k", DType.Q5_0, DType.Q4_K)]
    [InlineData("q5_k", DType.Q8_0, DType.Q5_K)]
    [InlineData("q6_k", DType.Q8_0, DType.Q6_K)]
    [InlineData("q4_0", DType.Q4_0, DType.Q4_0)]
    public void Rows_that_are_no_whole_number_of_blocks_take_a_finer_format_of_small_ones(string mixture, object expected, object wanted)
    {
        GgufTypeChoice choice = Choose(mixture, "thinker.audio_tower.layers.0.fc1.weight", [3584, 896], allowLossy: true);

        Assert.Equal(new GgufTypeChoice((DType)expected, (DType)wanted), choice);
        Assert.Equal(DType.F16, Choose(mixture, "thinker.model.layers.0.mlp.up_proj.weight", [10, 40]).Type);
    }

    private void WritePair(string source, string mixture)
    {
        using GgufExporter exporter = Exporter(source, mixture);
        exporter.PlanLlamaCpp(_directory.PathOf("text.gguf"), _directory.PathOf("mmproj-text.gguf"));
        exporter.Write(overwrites: false, CancellationToken.None);
    }

    private int FileType(string name)
    {
        using GgufFile file = GgufFile.Open(_directory.PathOf(name));
        return (int)file.Metadata.Integer("general.file_type", 0, 99)!.Value;
    }

    // As much of Jinja as a template of one loop and one condition needs, with the generation prompt asked for.
    private static string Render(string template, params (string Role, string Content)[] messages)
    {
        const string Loop = "{% for message in messages %}", EndLoop = "{% endfor %}", If = "{% if add_generation_prompt %}", EndIf = "{% endif %}";
        string body = Between(Loop, EndLoop);
        string turns = string.Concat(messages.Select(message => Value(body.Replace("message.role", $"'{message.Role}'", StringComparison.Ordinal).Replace("message.content", $"'{message.Content}'", StringComparison.Ordinal))));
        Assert.Equal(template, Loop + body + EndLoop + If + Between(If, EndIf) + EndIf);
        return turns + Value(Between(If, EndIf));

        string Between(string start, string end) => template.Split(start)[1].Split(end)[0];

        static string Value(string expression) =>
            string.Concat(expression["{{".Length..^"}}".Length].Split('+').Select(part => part.Trim().Trim('\'').Replace("\\n", "\n", StringComparison.Ordinal)));
    }

    private static GgufMixture Mixture(string name) => GgufMixture.All.Single(entry => entry.Name == name);

    private static GgufTypeChoice Choose(string mixture, string name, long[] shape, bool allowLossy = false, bool isTied = true)
    {
        TextDecoderConfig text = CheckpointFinder.Find(TinyCheckpoint.Directory).Config.Text with { LayerCount = 28, HasTiedHead = isTied };
        return Mixture(mixture).Choose(DType.BF16, shape, name, text, allowLossy);
    }

    private static GgufExporter Exporter(string source, string mixture, bool allowLossy = false) =>
        new(CheckpointFinder.Find(source), Mixture(mixture), allowLossy, importance: null, WorkerPool.Shared);

    private void Write(string source, string mixture, string name, bool allowLossy = false)
    {
        using GgufExporter exporter = Exporter(source, mixture, allowLossy);
        exporter.PlanCrispAsr(_directory.PathOf(name));
        exporter.Write(overwrites: false, CancellationToken.None);
    }

    private string[] Types(string name)
    {
        using GgufFile file = GgufFile.Open(_directory.PathOf(name));
        string[] tensors = ["audio.blk.0.attn_q.weight", "audio.conv.2.weight", "audio.ln_post.weight", "token_embd.weight", "output.weight", "blk.1.attn_q.weight", "blk.1.ffn_down.weight"];
        return [.. tensors.Select(tensor => file.Tensors[tensor].Type.Name)];
    }
}
