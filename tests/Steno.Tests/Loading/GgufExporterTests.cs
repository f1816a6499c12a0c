using Steno.Formats.Gguf;
using Steno.Loading;
using Steno.Tensors;
using Steno.Threading;

namespace Steno.Tests.Loading;

public sealed class GgufExporterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("bf16")]
    [InlineData("q8_0")]
    public async Task A_checkpoint_written_in_either_dialect_gives_the_same_text(string mixture)
    {
        GgufExporter exporter = Exporter(Checkpoint.Find(TinyCheckpoint.Directory), mixture);
        exporter.WriteCrispAsr(_directory.PathOf("whole.gguf"), CancellationToken.None);
        exporter.WriteLlamaCpp(_directory.PathOf("text.gguf"), _directory.PathOf("mmproj-text.gguf"), CancellationToken.None);

        Assert.Equal(["mmproj-text.gguf", "text.gguf", "whole.gguf"], Directory.GetFiles(_directory.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (string name in new[] { "whole.gguf", "text.gguf" })
        {
            using AsrModel model = AsrModel.Load(_directory.PathOf(name));
            foreach (string sample in Samples.Names) Assert.Equal(Samples.Text(sample), (await model.TranscribeAsync(Samples.AudioPath(sample))).Text);
        }
    }

    [Fact]
    public void A_file_written_again_is_the_same_byte_for_byte()
    {
        Exporter(Checkpoint.Find(TinyCheckpoint.Directory), "q8_0").WriteCrispAsr(_directory.PathOf("a.gguf"), CancellationToken.None);
        Exporter(Checkpoint.Find(_directory.PathOf("a.gguf")), "q8_0").WriteCrispAsr(_directory.PathOf("b.gguf"), CancellationToken.None);

        Assert.Equal(File.ReadAllBytes(_directory.PathOf("a.gguf")), File.ReadAllBytes(_directory.PathOf("b.gguf")));
    }

    [Fact]
    public void Tower_and_head_keep_their_bits_unless_loss_is_allowed()
    {
        string wide = _directory.Write("wide.gguf", TinyGguf.CrispAsr(new TinyGgufOptions("F16", Copies: 2)).Write());
        Exporter(Checkpoint.Find(wide), "q4_k_m").WriteCrispAsr(_directory.PathOf("m.gguf"), CancellationToken.None);
        Exporter(Checkpoint.Find(wide), "q4_k", allowLossy: true).WriteCrispAsr(_directory.PathOf("lossy.gguf"), CancellationToken.None);

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

        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => Exporter(Checkpoint.Find(path), "f16").WriteCrispAsr(_directory.PathOf("out.gguf"), CancellationToken.None));

        Assert.Contains("row 2 has weights that are too large for F16; tensor blk.0.attn_q.weight", fault.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Work_that_is_stopped_leaves_what_was_there()
    {
        string path = _directory.Write("out.gguf", "mine");
        using var stop = new CancellationTokenSource();
        var exporter = new GgufExporter(Checkpoint.Find(TinyCheckpoint.Directory), GgufMixture.All[0], allowLossy: false, WorkerPool.Shared) { OnProgress = (_, _) => stop.Cancel() };

        Assert.Throws<OperationCanceledException>(() => exporter.WriteCrispAsr(path, stop.Token));

        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    // The layers that llama.cpp stores more finely in a model of 28, as its own tool reports them.
    [Fact]
    public void The_medium_mixture_stores_the_layers_of_llama_cpp_more_finely()
    {
        GgufMixture medium = GgufMixture.All.Single(mixture => mixture.Name == "q4_k_m");
        int[] layers = [.. Enumerable.Range(0, 28).Where(i => medium.TypeOf($"thinker.model.layers.{i}.mlp.down_proj.weight", [1024, 3072], 28, allowLossy: false) == DType.Q6_K)];

        Assert.Equal([0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 24, 25, 26, 27], layers);
        Assert.Equal(DType.Q8_0, medium.TypeOf("thinker.audio_tower.layers.0.fc1.weight", [3584, 896], 28, allowLossy: false));
        Assert.Equal(DType.Q5_0, medium.TypeOf("thinker.audio_tower.layers.0.fc1.weight", [3584, 896], 28, allowLossy: true));
        Assert.Equal(DType.Q6_K, medium.TypeOf("thinker.model.embed_tokens.weight", [151936, 1024], 28, allowLossy: false));
    }

    private static GgufExporter Exporter(Checkpoint checkpoint, string mixture, bool allowLossy = false) =>
        new(checkpoint, GgufMixture.All.Single(entry => entry.Name == mixture), allowLossy, WorkerPool.Shared);

    private string[] Types(string name)
    {
        using GgufFile file = GgufFile.Open(_directory.PathOf(name));
        string[] tensors = ["audio.blk.0.attn_q.weight", "audio.conv.2.weight", "audio.ln_post.weight", "token_embd.weight", "output.weight", "blk.1.attn_q.weight", "blk.1.ffn_down.weight"];
        return [.. tensors.Select(tensor => file.Tensors[tensor].Type.Name)];
    }
}
