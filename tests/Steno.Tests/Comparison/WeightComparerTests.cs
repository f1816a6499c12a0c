using Steno.Comparison;
using Steno.Tests.Checkpoints;
using Steno.Tests.Dialects;

namespace Steno.Tests.Comparison;

public sealed class WeightComparerTests : IDisposable
{
    private static readonly string[] TapNames =
        ["stem", "encoder.0", "encoder.1", "encoder.2", "encoder.3", "audio", "decoder.0", "decoder.1", "decoder.2", "decoder.3", "norm", "logits"];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_same_weights_in_another_format_differ_in_nothing_but_memory()
    {
        WeightComparison comparison = await Compare(Tiny with { Weights = WeightPrecision.BFloat16 }, Tiny with { Weights = WeightPrecision.Float32 }, "english-1", "chinese-2");

        Assert.Equal(TapNames, comparison.Taps.Select(tap => tap.Name));
        Assert.All(comparison.Taps, tap => Assert.Equal((0, true, true), (tap.RelativeError, tap.Cosine > 0.999999999, tap.WorstRowCosine > 0.999999999)));
        Assert.Equal(comparison.Logits.RowCount, comparison.Logits.SameChoiceCount);
        Assert.Equal(0, comparison.Logits.MaxDivergence, 12);
        Assert.Equal([Samples.Text("english-1"), Samples.Text("chinese-2")], comparison.Texts.Select(text => text.B));
        Assert.All(comparison.Texts, text => Assert.Equal((text.A, 0), (text.B, text.EditCount)));
        Assert.Equal(comparison.A.FileBytes, comparison.B.FileBytes);
        Assert.InRange((double)comparison.B.MemoryBytes / comparison.A.MemoryBytes, 1.9, 2);
        Assert.True(comparison.A is { EncoderSeconds: > 0, PrefillSeconds: > 0, StepSeconds: > 0 });

        // A prediction for each token, and one for the end.
        Assert.Equal(comparison.A.StepCount + comparison.Texts.Count, comparison.Logits.RowCount);
    }

    [Fact]
    public async Task Coarser_weights_differ_more()
    {
        var logits = new List<LogitDifference>();
        var errors = new List<double>();
        foreach (string type in new[] { "q8_0", "q5_0", "q4_0" })
        {
            string path = _directory.PathOf(type + ".gguf");
            await ModelExporter.ExportAsync(AsrModel.BuiltInName, path, new ExportOptions { Type = type, AllowLossy = true }, cancellationToken: TestContext.Current.CancellationToken);
            WeightComparison comparison = await Compare(Tiny, new ComparedModel(path, CompanionPath: null, WeightPrecision.Auto), "german-1");
            Assert.Equal(new FileInfo(path).Length, comparison.B.FileBytes);
            logits.Add(comparison.Logits);
            errors.Add(comparison.Taps[^1].RelativeError);
        }

        Assert.Equal(errors.Order(), errors);
        Assert.Equal(logits.Select(difference => difference.MeanDivergence).Order(), logits.Select(difference => difference.MeanDivergence));
        Assert.InRange(errors[0], 1e-3, 0.05);
        Assert.InRange(errors[2], 0.02, 1);
    }

    [Fact]
    public async Task Activations_that_only_one_model_has_are_left_out()
    {
        string wide = _directory.Write("wide.gguf", TinyGguf.CrispAsr(new TinyGgufOptions("F16", Copies: 2)).Write());

        WeightComparison comparison = await Compare(Tiny, new ComparedModel(wide, CompanionPath: null, WeightPrecision.Auto), "english-2");

        Assert.Equal(["logits"], comparison.Taps.Select(tap => tap.Name));
        Assert.Equal(Samples.Text("english-2"), comparison.Texts[0].B);
    }

    [Fact]
    public async Task Models_with_other_vocabularies_cannot_be_compared()
    {
        Qwen2SizedCheckpoint.WriteSmallFiles(_directory, hasPortConfig: false);
        _directory.Write("model.safetensors", SafetensorsWriter.Write(Qwen2SizedCheckpoint.Tensors()));
        var other = new ComparedModel(_directory.Path, CompanionPath: null, WeightPrecision.Auto);

        ModelFormatException fault = await Assert.ThrowsAsync<ModelFormatException>(() => Compare(Tiny, other, "english-2"));

        Assert.Contains("they differ in vocabulary; expected 1123 as ", fault.Message, StringComparison.Ordinal);
    }

    private static ComparedModel Tiny => new(TinyCheckpoint.Directory, CompanionPath: null, WeightPrecision.Auto);

    private static Task<WeightComparison> Compare(ComparedModel a, ComparedModel b, params string[] samples) => WeightComparer.RunAsync(
        new ComparisonRequest { A = a, B = b, Audio = [.. samples.Select(Samples.AudioPath)] },
        TestContext.Current.CancellationToken);
}
