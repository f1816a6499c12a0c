using Steno.Calibration;
using Steno.Checkpoints;
using Steno.Clips;
using Steno.Diagnostics;
using Steno.Exporting;
using Steno.Kernels;
using Steno.Loading;
using Steno.Tensors;
using Steno.Tests.Checkpoints;

namespace Steno.Tests.Calibration;

public sealed class CalibratorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(21)]
    public unsafe void Squares_are_added_up_for_each_column(int rowCount)
    {
        const int Width = 5;
        float[] rows = [.. Enumerable.Range(1, rowCount * Width).Select(i => (float)i)];
        using var tiles = new AlignedBuffer<float>(RowTiles.Length(rowCount, Width));
        TileShape shape = TileShape.OfPlainRows(rowCount);
        fixed (float* source = rows)
        {
            for (int tile = 0; tile < shape.Count; tile++)
            {
                int first = shape.FirstRow(tile) * Width;
                RowTiles.Pack(source + first, Width, shape.RowsIn(tile), Width, shape.HeightOf(tile), tiles.Pointer + first);
            }
        }

        var sums = new ColumnSums(Width);
        sums.Add(tiles.Pointer, shape);
        fixed (float* source = rows) sums.Add(source, TileShape.OfSingleRows(rowCount));

        float[] expected = [.. Enumerable.Range(0, Width).Select(column => (float)Enumerable.Range(0, rowCount).Average(row => Math.Pow(rows[(row * Width) + column], 2)))];
        Assert.Equal(expected, sums.ToMeans());
    }

    [Fact]
    public async Task Every_matrix_but_embedding_and_head_is_known_and_its_columns_are_what_the_norm_before_it_gives()
    {
        using LoadedModel model = LoadedModel.Load(TinyCheckpoint.Directory, WeightPrecision.BFloat16, threadCount: null, TestContext.Current.CancellationToken);
        var calibrator = new Calibrator(model);
        await calibrator.AddAsync(Samples.AudioPath("english-1"), TestContext.Current.CancellationToken);

        ImportanceMatrix importance = calibrator.ToImportance();

        (string Name, long[] Shape)[] matrices = [.. ModelTensors.Of(model.Config).Where(tensor => tensor.Shape.Length == 2 && tensor.Name != ModelTensors.EmbedTokens)];
        Assert.Equal(matrices.Select(tensor => tensor.Name).Order(StringComparer.Ordinal), importance.Names.Order(StringComparer.Ordinal));
        Assert.All(matrices, tensor => Assert.Equal(tensor.Shape[1], importance.Of(tensor.Name)!.Length));
        Assert.All(importance.Names, name => Assert.All(importance.Of(name)!, value => Assert.True(value > 0 && float.IsFinite(value))));

        double[] expected = await NormedInputs(model);
        float[] actual = importance.Of("thinker.audio_tower.layers.1.self_attn.k_proj.weight")!;
        for (int i = 0; i < actual.Length; i++) Assert.InRange(actual[i] / expected[i], 0.999, 1.001);
    }

    [Fact]
    public async Task Silence_teaches_nothing()
    {
        using var directory = new TemporaryDirectory();
        using LoadedModel model = LoadedModel.Load(TinyCheckpoint.Directory, WeightPrecision.BFloat16, threadCount: null, TestContext.Current.CancellationToken);
        byte[] wav = await File.ReadAllBytesAsync(Samples.AudioPath("english-1"), TestContext.Current.CancellationToken);
        wav.AsSpan(44).Clear();
        var calibrator = new Calibrator(model);
        await calibrator.AddAsync(directory.Write("silent.wav", wav), TestContext.Current.CancellationToken);

        Assert.Throws<AudioFormatException>(calibrator.ToImportance);
    }

    [Fact]
    public async Task A_calibrated_file_lies_closer_to_the_model_on_other_recordings()
    {
        using var directory = new TemporaryDirectory();
        string[] audio = [.. new[] { "english-1", "german-1", "chinese-1", "spanish-1" }.Select(Samples.AudioPath)];
        var errors = new List<double>();
        foreach (string[]? calibration in new[] { null, audio })
        {
            string path = directory.PathOf($"{errors.Count}.gguf");
            var options = new ExportOptions { Type = "q4_0", AllowLossy = true, CalibrationAudio = calibration };
            await ModelExporter.ExportAsync(AsrModel.BuiltInName, path, options, cancellationToken: TestContext.Current.CancellationToken);
            Comparison.WeightComparerRun run = await Comparison.WeightComparerRun.OnAsync(path, "english-2", "german-2", "chinese-2", "spanish-2");
            errors.Add(run.Error("norm"));
        }

        Assert.InRange(errors[1] / errors[0], 0.5, 0.98);
    }

    // The rows of encoder layer 0, through the norm of layer 1, in float64.
    private static async Task<double[]> NormedInputs(LoadedModel model)
    {
        float[] samples = await RecordingReader.ReadFileAsync(Samples.AudioPath("english-1"), TestContext.Current.CancellationToken);
        var tap = new RowsTap("encoder.0");
        using var pass = new ClipPass(model) { Tap = tap };
        pass.Run(pass.Prepare(samples, TestContext.Current.CancellationToken)!, AttentionMode.Windowed, maxTokens: 0, TestContext.Current.CancellationToken);
        int width = model.Config.Audio.Width;
        (AlignedBuffer<float> weight, AlignedBuffer<float> bias) = model.Weights.Audio.Layers[1].SelfAttentionLayerNorm;
        double[] means = new double[width];
        float[][] rows = [.. tap.Rows.Chunk(width)];
        foreach (float[] row in rows)
        {
            double mean = row.Average(value => (double)value);
            double deviation = Math.Sqrt(row.Average(value => Math.Pow(value - mean, 2)) + 1e-5);
            for (int i = 0; i < width; i++) means[i] += Math.Pow(((row[i] - mean) / deviation * weight.Span[i]) + bias.Span[i], 2) / rows.Length;
        }

        return means;
    }

    private sealed class RowsTap(string wanted) : ITensorTap
    {
        public List<float> Rows { get; } = [];

        public void OnRows(string name, long firstRow, Span<float> rows)
        {
            if (name == wanted) Rows.AddRange(rows);
        }
    }
}
