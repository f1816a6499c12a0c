using System.Buffers.Binary;
using Steno.Kernels;
using Steno.Loading;
using Steno.Model;
using Steno.Verification;

namespace Steno.Tests.Packing;

public sealed class PackedModelTests
{
    [Theory]
    [InlineData(WeightPrecision.Auto)]
    [InlineData(WeightPrecision.Q8)]
    [InlineData(WeightPrecision.Q4)]
    [InlineData(WeightPrecision.BFloat16)]
    [InlineData(WeightPrecision.Float32)]
    public void A_packed_model_is_the_model_bit_for_bit(WeightPrecision weights)
    {
        using var packed = new PackedCheckpoint(weights);
        using LoadedModel expected = packed.Load(usesPackedFile: false);
        using LoadedModel found = packed.Load();

        Assert.Null(expected.PackedFile);
        Assert.Equal(packed.PackedFile, found.PackedFile);
        Assert.Null(found.PackedFileProblem);
        Assert.Equal(expected.Weights.ParameterCount, found.Weights.ParameterCount);
        Assert.Equal(expected.Weights.ByteCount, found.Weights.ByteCount);
        foreach ((PackedMatrix first, PackedMatrix second) in MatricesOf(expected.Weights).Zip(MatricesOf(found.Weights)))
        {
            Assert.Equal((first.Format, first.RowCount, first.ColumnCount, first.IsPaired), (second.Format, second.RowCount, second.ColumnCount, second.IsPaired));
            Assert.True(BytesOf(first).SequenceEqual(BytesOf(second)));
        }

        Assert.True(expected.Weights.Text.Norm.Span.SequenceEqual(found.Weights.Text.Norm.Span));
        Assert.True(expected.Weights.Audio.Layers[1].QueryKeyValue.Bias.Span.SequenceEqual(found.Weights.Audio.Layers[1].QueryKeyValue.Bias.Span));
        RequireSameTokenizer(expected, found);
    }

    [Fact]
    public async Task The_text_is_the_same()
    {
        using var packed = new PackedCheckpoint();
        string recording = Repository.PathOf("samples", "audio", "english-3.wav");
        using AsrModel model = AsrModel.Load(packed.Directory, new AsrModelOptions { Weights = WeightPrecision.Q8 });
        using AsrModel other = AsrModel.Load(packed.Directory, new AsrModelOptions { Weights = WeightPrecision.Q8, UsesPackedFile = false });

        Assert.Equal(packed.PackedFile, model.Info.PackedFile);
        Assert.Null(other.Info.PackedFile);
        Transcript expected = await other.TranscribeAsync(recording, cancellationToken: TestContext.Current.CancellationToken);
        Transcript found = await model.TranscribeAsync(recording, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected.Segments[0].TokenIds, found.Segments[0].TokenIds);
        Assert.Equal(expected.MeanTokenProbability, found.MeanTokenProbability);
    }

    [Fact]
    public void A_file_that_others_may_write_is_read_and_not_mapped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions");
        if (OperatingSystem.IsWindows()) return;
        using var packed = new PackedCheckpoint();
        using (LoadedModel mapped = packed.Load()) Assert.True(mapped.IsMapped);
        File.SetUnixFileMode(packed.PackedFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        using LoadedModel read = packed.Load();

        Assert.Equal(packed.PackedFile, read.PackedFile);
        Assert.False(read.IsMapped);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("vocab.json")]
    public void A_source_that_was_touched_since_does_not_fit(string name)
    {
        using var packed = new PackedCheckpoint();
        File.SetLastWriteTimeUtc(packed.PathOf(name), DateTime.UtcNow.AddSeconds(5));
        RequireUnused(packed, "made of other files");
    }

    [Fact]
    public void A_source_with_another_header_does_not_fit_though_size_and_time_are_the_same()
    {
        using var packed = new PackedCheckpoint();
        string path = packed.PathOf("model.safetensors");
        DateTime time = File.GetLastWriteTimeUtc(path);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[(int)BinaryPrimitives.ReadInt64LittleEndian(bytes) + 100] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, time);
        RequireUnused(packed, "another content");
    }

    [Fact]
    public void A_tokenizer_file_that_came_since_does_not_fit()
    {
        using var packed = new PackedCheckpoint();
        File.Delete(packed.PathOf("generation_config.json"));
        using (LoadedModel model = packed.Load()) Assert.NotNull(model.PackedFile);
        File.WriteAllText(packed.PathOf("tokenizer.json"), "{}");
        RequireUnused(packed, "made of other files");
    }

    [Theory]
    [InlineData(8, "another layout")]
    [InlineData(0, "no packed file")]
    [InlineData(16, "another length")]
    [InlineData(200, "checksum")]
    public void A_changed_byte_of_the_header_does_not_fit(int offset, string problem)
    {
        using var packed = new PackedCheckpoint();
        byte[] bytes = File.ReadAllBytes(packed.PackedFile);
        bytes[offset] ^= 0x40;
        File.WriteAllBytes(packed.PackedFile, bytes);
        RequireUnused(packed, problem);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(500)]
    [InlineData(100_000)]
    public void A_file_that_is_cut_short_does_not_fit(int length)
    {
        using var packed = new PackedCheckpoint();
        using (FileStream stream = File.OpenWrite(packed.PackedFile)) stream.SetLength(length);
        RequireUnused(packed, string.Empty);
    }

    [Fact]
    public void Verification_finds_what_loading_does_not_look_at()
    {
        using var packed = new PackedCheckpoint();
        VerificationCheck whole = Assert.Single(PackedFileCheck.Run(packed.Directory, null, Steno.Threading.WorkerPool.Shared, TestContext.Current.CancellationToken));
        Assert.True(whole.IsOk, whole.Found);
        byte[] bytes = File.ReadAllBytes(packed.PackedFile);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(packed.PackedFile, bytes);
        VerificationCheck damaged = Assert.Single(PackedFileCheck.Run(packed.Directory, null, Steno.Threading.WorkerPool.Shared, TestContext.Current.CancellationToken));

        Assert.False(damaged.IsOk);
        Assert.Contains("damaged", damaged.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_pack_leaves_what_was_there()
    {
        using var packed = new PackedCheckpoint();
        byte[] before = File.ReadAllBytes(packed.PackedFile);
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => ModelPacker.Pack(packed.Directory, new PackOptions { Weights = WeightPrecision.Q8 }, stop.Token));
        Assert.Equal(before, File.ReadAllBytes(packed.PackedFile));
        Assert.DoesNotContain(Directory.EnumerateFiles(packed.Directory), path => path.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_model_gives_the_same_file()
    {
        using var packed = new PackedCheckpoint();
        byte[] before = File.ReadAllBytes(packed.PackedFile);
        PackedModelFile written = ModelPacker.Pack(packed.Directory, new PackOptions { Weights = WeightPrecision.Q8, ThreadCount = 1 }, TestContext.Current.CancellationToken);

        Assert.Equal(packed.PackedFile, written.Path);
        Assert.Equal(before.LongLength, written.ByteCount);
        Assert.Equal(before, File.ReadAllBytes(packed.PackedFile));
        Assert.True(ModelPacker.IsPacked(packed.Directory, WeightPrecision.Q8));
        Assert.False(ModelPacker.IsPacked(packed.Directory, WeightPrecision.Q4));
    }

    [Fact]
    public void A_file_of_the_model_is_not_written_over()
    {
        using var packed = new PackedCheckpoint();
        Assert.Throws<IOException>(() => ModelPacker.Pack(packed.Directory, new PackOptions { OutputPath = packed.PathOf("model.safetensors") }, TestContext.Current.CancellationToken));
    }

    internal static IEnumerable<PackedMatrix> MatricesOf(ModelWeights weights) =>
    [
        .. weights.Audio.Convolutions.Select(linear => linear.Weight), weights.Audio.ConvOut, weights.Audio.Proj1.Weight, weights.Audio.Proj2.Weight,
        .. weights.Audio.Layers.SelectMany(layer => new[] { layer.QueryKeyValue.Weight, layer.OutProj.Weight, layer.Fc1.Weight, layer.Fc2.Weight }),
        weights.Text.EmbedTokens, weights.Text.LmHead, .. weights.Text.Layers.SelectMany(layer => new[] { layer.QueryKeyValue, layer.OProj, layer.GateUp, layer.DownProj }),
    ];

    private static unsafe ReadOnlySpan<byte> BytesOf(PackedMatrix matrix) => new(matrix.Panel(0), (int)matrix.ByteCount);

    private static void RequireSameTokenizer(LoadedModel expected, LoadedModel found)
    {
        Assert.Equal(expected.Tokenizer.SpecialTokens, found.Tokenizer.SpecialTokens);
        Assert.Equal(expected.Tokenizer.VocabularySize, found.Tokenizer.VocabularySize);
        for (int id = 0; id < expected.Tokenizer.VocabularySize; id++)
        {
            Assert.True(expected.Tokenizer.TokenBytes(id).SequenceEqual(found.Tokenizer.TokenBytes(id)));
            Assert.Equal(expected.Tokenizer.IsSpecial(id), found.Tokenizer.IsSpecial(id));
        }

        foreach (string text in new[] { "turn off the light", "one two three\n", "音量调高", "<|im_start|>x<asr_text>" })
            Assert.Equal(expected.Tokenizer.Encode(text, allowAddedTokens: true), found.Tokenizer.Encode(text, allowAddedTokens: true));
    }

    private static void RequireUnused(PackedCheckpoint packed, string problem)
    {
        using LoadedModel model = packed.Load();
        Assert.Null(model.PackedFile);
        Assert.False(model.IsMapped);
        Assert.NotNull(model.PackedFileProblem);
        Assert.Contains(problem, model.PackedFileProblem, StringComparison.Ordinal);
        Assert.Contains(packed.PackedFile, model.PackedFileProblem, StringComparison.Ordinal);
    }
}
