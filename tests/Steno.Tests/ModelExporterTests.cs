using System.Diagnostics;
using Steno.Exporting;

namespace Steno.Tests;

public sealed class ModelExporterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_model_is_written_and_described()
    {
        string path = _directory.PathOf("tiny.gguf");
        var reports = new List<ExportProgress>();

        ExportedModel written = await ModelExporter.ExportAsync(
            AsrModel.BuiltInName, path, new ExportOptions { Type = "Q4_K" }, new ListProgress(reports), TestContext.Current.CancellationToken);

        Assert.Equal([new ExportedFile(path, new FileInfo(path).Length)], written.Files);
        Assert.Equal(["Q8_0", "Q5_0", "Q8_0", "F16", "Q4_K", "F32"], written.Weights.Select(weights => weights.Type));
        Assert.Equal([null, "Q4_K", "Q6_K", null, null, null], written.Weights.Select(weights => weights.InsteadOf));
        Assert.Equal(ExportPhase.Done, reports[^1].Phase);
        Assert.Equal(reports[^1].BytesTotal, reports[^1].BytesDone);
        Assert.Equal(reports.Select(report => report.BytesDone).Order(), reports.Select(report => report.BytesDone));
        using AsrModel model = AsrModel.Load(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Samples.Text("english-1"), (await model.TranscribeAsync(Samples.AudioPath("english-1"), cancellationToken: TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task A_pair_is_loaded_by_either_file_and_by_both()
    {
        string text = _directory.PathOf("tiny.gguf");
        string audio = _directory.PathOf("mmproj-tiny.gguf");

        ExportedModel written = await ModelExporter.ExportAsync(
            AsrModel.BuiltInName, text, new ExportOptions { Type = "q8_0", Dialect = ExportDialect.LlamaCpp, ThreadCount = 1 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([text, audio], written.Files.Select(file => file.Path));
        foreach ((string named, string? other) in new[] { (text, null), (audio, null), (text, audio), (audio, text) })
        {
            using AsrModel model = AsrModel.Load(named, new AsrModelOptions { CompanionPath = other }, TestContext.Current.CancellationToken);
            Assert.Equal(named, model.Info.Directory);
        }

        string moved = _directory.PathOf("tower.bin");
        File.Move(audio, moved);
        Assert.Throws<ModelFormatException>(() => AsrModel.Load(text));
        using AsrModel loaded = AsrModel.Load(text, new AsrModelOptions { CompanionPath = moved }, TestContext.Current.CancellationToken);
        Assert.Equal(Samples.Text("german-1"), (await loaded.TranscribeAsync(Samples.AudioPath("german-1"), cancellationToken: TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_on_request()
    {
        string path = _directory.Write("tiny.gguf", "GGUF, mine");

        IOException fault = await Assert.ThrowsAsync<IOException>(() => Export(path, new ExportOptions()));
        Assert.Equal($"{path}: there is such a file already", fault.Message);
        Assert.Equal("GGUF, mine", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

        await Export(path, new ExportOptions { Overwrite = true });
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
        AsrModel.Load(path).Dispose();
    }

    [Fact]
    public async Task What_cannot_be_written_is_told_before_anything_is()
    {
        string source = _directory.PathOf("source.gguf");
        await Export(source, new ExportOptions { Type = "q8_0" });
        var force = new ExportOptions { Overwrite = true };

        Assert.Contains("this is a file of the model", (await Assert.ThrowsAsync<IOException>(() => ModelExporter.ExportAsync(source, source, force))).Message, StringComparison.Ordinal);
        Assert.Contains("this is a directory", (await Assert.ThrowsAsync<IOException>(() => Export(_directory.Path, force))).Message, StringComparison.Ordinal);
        Assert.Contains("there is no directory", (await Assert.ThrowsAsync<DirectoryNotFoundException>(() => Export(_directory.PathOf("no", "x.gguf"), force))).Message, StringComparison.Ordinal);
        Assert.Contains("'q9' is no number format", (await Assert.ThrowsAsync<ArgumentException>(() => Export(_directory.PathOf("x.gguf"), new ExportOptions { Type = "q9" }))).Message, StringComparison.Ordinal);
        Assert.Contains("must not have 'mmproj'", (await Assert.ThrowsAsync<ArgumentException>(() => Export(_directory.PathOf("mmproj.gguf"), new ExportOptions { Dialect = ExportDialect.LlamaCpp }))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Export(_directory.PathOf("x.gguf"), new ExportOptions { ThreadCount = 0 }));
        await Assert.ThrowsAsync<ModelFormatException>(() => ModelExporter.ExportAsync(_directory.PathOf("absent.gguf"), _directory.PathOf("x.gguf")));
        IOException full = Assert.Throws<IOException>(() => ModelExporter.RequireFreeBytes("/x.gguf", 1_000_000_000, _ => 999_000_000));
        Assert.Equal("/x.gguf: 1.00 GB are to be written and 999.0 MB are free in /", full.Message);
        Assert.Equal([source], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Work_is_stopped_within_a_tenth_of_a_second()
    {
        using var stop = new CancellationTokenSource();
        var sinceStop = new Stopwatch();
        var progress = new ActionProgress(() =>
        {
            if (sinceStop.IsRunning) return;
            sinceStop.Start();
            stop.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ModelExporter.ExportAsync(AsrModel.BuiltInName, _directory.PathOf("x.gguf"), new ExportOptions { Type = "q4_k", AllowLossy = true }, progress, stop.Token));

        Assert.InRange(sinceStop.ElapsedMilliseconds, 0, 100);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Every_type_has_a_name_of_its_own()
    {
        Assert.Equal(["keep", "f32", "f16", "bf16", "q8_0", "q6_k", "q5_k", "q4_k", "q4_k_m", "q5_0", "q4_0", "steno-q5", "steno-q4"], ModelExporter.Types);
        Assert.All(ModelExporter.Types, name => Assert.Equal(name, GgufMixture.Find(name.ToUpperInvariant())!.Name));
    }

    private static Task<ExportedModel> Export(string path, ExportOptions options) =>
        ModelExporter.ExportAsync(AsrModel.BuiltInName, path, options, cancellationToken: TestContext.Current.CancellationToken);

    private sealed class ListProgress(List<ExportProgress> reports) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => reports.Add(value);
    }

    private sealed class ActionProgress(Action action) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => action();
    }
}
