using Steno.Checkpoints;
using Steno.Loading;
using Steno.Tests.Checkpoints;

namespace Steno.Tests.Packagings;

public sealed class AudioCppTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SourceModel _source = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("original")]
    [InlineData("port names")]
    [InlineData("aliases")]
    [InlineData("aliases of port names behind a prefix")]
    [InlineData("dropped ones")]
    [InlineData("texts")]
    [InlineData("no family")]
    public async Task A_file_of_each_layout_gives_the_texts_of_the_checkpoint(string name)
    {
        AudioCppLayout layout = name switch
        {
            "port names" => new AudioCppLayout(HasPortNames: true),
            "aliases" => new AudioCppLayout(AliasesAll: true),
            "aliases of port names behind a prefix" => new AudioCppLayout(HasPortNames: true, AliasesAll: true, Prefix: "weights/"),
            "dropped ones" => new AudioCppLayout(DropsOnes: true),
            "texts" => new AudioCppLayout(HasFilesAsTexts: true),
            "no family" => new AudioCppLayout(Family: null),
            _ => new AudioCppLayout(),
        };

        await PackagedTexts.AssertSame(_directory.Write("model.bin", Write(layout).Write()));
    }

    [Fact]
    public async Task Small_files_may_be_larger_than_16_MiB()
    {
        string path = _directory.Write("model.gguf", Write(new AudioCppLayout(PaddingBytes: (16 << 20) + 5)).Write());
        long before = GC.GetAllocatedBytesForCurrentThread();
        CheckpointFinder.Find(path);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The header is in memory while the file is open, with what there was of it before it turned out to be longer.
        Assert.InRange(allocated, 0, 3 * new FileInfo(path).Length);
        await PackagedTexts.AssertSame(path);
    }

    [Fact]
    public async Task Small_files_may_lie_beside_the_file_instead()
    {
        string path = _directory.Write("model.gguf", Write(new AudioCppLayout(HasNoFiles: true)).Write());
        AssertFault(path, "there is no such file; expected the configuration of the model; found nothing.");
        TinyCheckpoint.Copy(_directory, "config.json", "vocab.json", "merges.txt", "tokenizer_config.json");

        await PackagedTexts.AssertSame(path);
    }

    [Fact]
    public void Stop_tokens_come_from_the_file_inside() =>
        Assert.Equal(CheckpointFinder.Find(TinyCheckpoint.Directory).StopTokenIds, CheckpointFinder.Find(_directory.Write("model.gguf", Write(new AudioCppLayout()).Write())).StopTokenIds);

    [Theory]
    [InlineData("../config.json")]
    [InlineData("/config.json")]
    [InlineData("a/../config.json")]
    [InlineData("C:\\config.json")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("")]
    public void A_name_that_is_none_of_a_file_in_a_checkpoint_is_refused(string name) =>
        AssertFault(Write(new AudioCppLayout()).WithoutKey("audiocpp.embedded_files.names").Texts("audiocpp.embedded_files.names", [name, "b", "c", "d", "e", "f"]), "audiocpp.embedded_files.names has a name 0 that no file of a checkpoint has; at byte");

    [Theory]
    [InlineData(new long[] { 0, 10, 5, 20, 20, 20, 20 }, "has a range 1 that is impossible")]
    [InlineData(new long[] { 0, 10, 20, 30, 30, 30, 1L << 30 }, "has a range 5 that is impossible")]
    [InlineData(new long[] { -5, 10, 20, 30, 30, 30, 40 }, "has an element 0 that is out of range")]
    [InlineData(new long[] { 0, 10, 20, 30, 30, 30, long.MinValue }, "has an element 6 that is out of range")]
    [InlineData(new long[] { 0, 10 }, "has another length than the list of names calls for")]
    public void Offsets_that_are_impossible_are_refused(long[] offsets, string problem)
    {
        GgufTestWriter file = Write(new AudioCppLayout()).WithoutKey("audiocpp.embedded_files.offsets");
        file.Raw("audiocpp.embedded_files.offsets", 9, [.. GgufTestWriter.UInt32(10), .. GgufTestWriter.UInt64((ulong)offsets.Length), .. offsets.SelectMany(offset => GgufTestWriter.UInt64(unchecked((ulong)offset)))]);

        AssertFault(file, "audiocpp.embedded_files.offsets " + problem);
    }

    [Fact]
    public void A_count_that_lies_takes_no_memory()
    {
        GgufTestWriter file = Write(new AudioCppLayout()).WithoutKey("audiocpp.embedded_files.data").Raw("audiocpp.embedded_files.data", 9, [.. GgufTestWriter.UInt32(0), .. GgufTestWriter.UInt64(100 << 20)]);
        string path = _directory.Write("model.gguf", file.Write());
        long before = GC.GetAllocatedBytesForCurrentThread();

        AssertFault(path, "the length of audiocpp.embedded_files.data is impossible; at byte");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Lists_that_do_not_fit_the_tensors_are_refused()
    {
        AssertFault(Write(new AudioCppLayout()).WithoutKey("audiocpp.tensor_names").Texts("audiocpp.tensor_names", ["a"]), "audiocpp.tensor_names has another length than the list of tensors; at byte");
        AssertFault(Write(new AudioCppLayout()).WithoutKey("audiocpp.tensor_ranks").Integers("audiocpp.tensor_ranks", [1]), "audiocpp.tensor_ranks does not fit audiocpp.tensor_shapes and the tensors; at byte");
        AssertFault(Write(new AudioCppLayout()).WithoutKey("audiocpp.tensor_ranks"), "audiocpp.tensor_ranks does not fit audiocpp.tensor_shapes and the tensors; expected");
        string[] twice = [.. Enumerable.Repeat(_source.Tensors[0].Name, _source.Tensors.Count)];
        AssertFault(Write(new AudioCppLayout()).WithoutKey("audiocpp.tensor_names").Texts("audiocpp.tensor_names", twice), $"audiocpp.tensor_names has the name {twice[0]} twice; at byte");
        GgufTestWriter other = Write(new AudioCppLayout()).WithoutKey("audiocpp.tensor_shapes");
        int[] shapes = [.. _source.Tensors.SelectMany(tensor => tensor.Shape.Length == 2 ? tensor.Shape.Reverse() : tensor.Shape).Select(dimension => (int)dimension)];
        AssertFault(other.Integers("audiocpp.tensor_shapes", shapes), "audiocpp.tensor_shapes contradicts the tensor ");
    }

    [Fact]
    public void Another_model_is_refused_by_name()
    {
        string path = _directory.Write("model.gguf", Write(new AudioCppLayout(Family: "kokoro_tts")).Write());

        string message = Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(path)).Message;

        Assert.Equal($"{path}: this file of audio.cpp holds another model: found family 'kokoro_tts', supported is 'qwen3_asr'. {OriginalModels.Advice}", message);
    }

    [Theory]
    [InlineData("qwen3_forced_aligner")]
    [InlineData(null)]
    public void An_aligner_is_refused_as_one(string? family)
    {
        _source.Config["thinker_config"]!["model_type"] = "qwen3_forced_aligner";
        string path = _directory.Write("model.gguf", Write(new AudioCppLayout(Family: family)).Write());

        Assert.Contains("this is a Qwen3 forced aligner", Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(path)).Message, StringComparison.Ordinal);
        Assert.Equal(ModelKind.ForcedAligner, StoredModel.Read(path).Kind);
    }

    private GgufTestWriter Write(AudioCppLayout layout) => AudioCppFile.Write(_source, tensor => TypeMixture.OfAudioCpp("BF16", tensor), layout);

    private void AssertFault(GgufTestWriter file, string message) => AssertFault(_directory.Write("model.gguf", file.Write()), message);

    private static void AssertFault(string path, string message) =>
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path)).Message, StringComparison.Ordinal);
}
