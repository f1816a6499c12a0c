using Steno.Tensors;

namespace Steno.Tests.Dialects;

public sealed class GgufTextTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("CrispAsr", "F16")]
    [InlineData("CrispAsr", "Q8_0")]
    [InlineData("PredictWoo", "F16")]
    [InlineData("PredictWoo", "Q8_0")]
    [InlineData("QwenAsrCpp", "BF16")]
    [InlineData("QwenAsrCpp", "Q8_0")]
    public async Task A_file_of_each_dialect_gives_the_text_of_the_checkpoint(string dialect, string type)
    {
        var options = new TinyGgufOptions(type);
        GgufTestWriter file = dialect switch
        {
            "CrispAsr" => TinyGguf.CrispAsr(options),
            "PredictWoo" => TinyGguf.PredictWoo(options),
            _ => TinyGguf.QwenAsrCpp(options),
        };

        await AssertSameTexts(_directory.Write("model.gguf", file.Write()));
    }

    [Theory]
    [InlineData("qwen3", true, "F16", "model.gguf")]
    [InlineData("qwen3", true, "Q8_0", "mmproj-model.gguf")]
    [InlineData("qwen3vl", false, "F16", "mmproj-model.gguf")]
    [InlineData("qwen3vl", false, "Q8_0", "model.gguf")]
    public async Task A_pair_of_llama_cpp_gives_the_text_of_the_checkpoint_whichever_file_is_named(string architecture, bool isEarly, string type, string named)
    {
        var options = new TinyGgufOptions(type, AudioType: "F16");
        _directory.Write("model.gguf", TinyGguf.LlamaText(options, architecture).Write());
        _directory.Write("mmproj-model.gguf", TinyGguf.LlamaAudio(options, isEarly).Write());

        await AssertSameTexts(_directory.PathOf(named));
    }

    // Types of 256 weights need rows of that length; the head and the tower are as finely stored as the mixtures in use have them.
    [Theory]
    [InlineData("F32", 1, null, null)]
    [InlineData("BF16", 1, null, null)]
    [InlineData("Q5_1", 1, null, null)]
    [InlineData("Q5_0", 1, "Q8_0", "Q8_0")]
    [InlineData("Q4_1", 1, "Q8_0", "Q8_0")]
    [InlineData("Q4_0", 1, "Q8_0", "Q8_0")]
    [InlineData("Q6_K", 2, null, null)]
    [InlineData("Q5_K", 2, "Q8_0", "Q6_K")]
    [InlineData("Q4_K", 2, "Q8_0", "Q6_K")]
    public async Task A_file_of_each_type_gives_the_text_of_the_checkpoint(string type, int copies, string? audioType, string? headType)
    {
        var options = new TinyGgufOptions(type, copies, audioType, headType);

        await AssertSameTexts(_directory.Write("model.gguf", TinyGguf.CrispAsr(options).Write()));
    }

    public static MatrixTheoryData<string, string> DialectsAndTypes => new(
        ["CrispAsr", "LlamaCpp", "PredictWoo", "QwenAsrCpp"], [.. Enum.GetNames<DType>()]);

    // Each type in each dialect, where the coarsest still give the same text: the down projections.
    [Theory, MemberData(nameof(DialectsAndTypes))]
    public async Task Every_type_is_read_in_every_dialect(string dialect, string type)
    {
        var options = new TinyGgufOptions(type, DTypeInfo.Of(Enum.Parse<DType>(type)).BlockLength == 256 ? 2 : 1, OnlyIn: ".mlp.down_proj");
        GgufTestWriter file = dialect switch
        {
            "CrispAsr" => TinyGguf.CrispAsr(options),
            "PredictWoo" => TinyGguf.PredictWoo(options),
            "QwenAsrCpp" => TinyGguf.QwenAsrCpp(options),
            _ => TinyGguf.LlamaText(options, "qwen3vl"),
        };
        if (dialect == "LlamaCpp") _directory.Write("mmproj.gguf", TinyGguf.LlamaAudio(options, isEarly: false).Write());

        await AssertSameTexts(_directory.Write("model.gguf", file.Write()), "english-2");
    }

    private static Task AssertSameTexts(string path) => AssertSameTexts(path, [.. Samples.Names]);

    private static async Task AssertSameTexts(string path, params string[] samples)
    {
        using AsrModel model = AsrModel.Load(path);
        var actual = new List<string>();
        foreach (string name in samples) actual.Add((await model.TranscribeAsync(Samples.AudioPath(name))).Text);

        Assert.Equal(samples.Select(Samples.Text), actual);
    }
}
