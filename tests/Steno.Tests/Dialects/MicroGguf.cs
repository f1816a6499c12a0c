using Steno.Checkpoints;
using Steno.Dialects;
using Steno.Exporting;
using Steno.Formats.Gguf;
using Steno.Loading;
using Steno.Model;
using Steno.Tensors;
using Steno.Tests.Checkpoints;
using Steno.Tokenization;

namespace Steno.Tests.Dialects;

/// <summary>Whole GGUF files of a model of one layer with weights of zero, small enough to be opened thousands of times.</summary>
internal static class MicroGguf
{
    private static readonly BpeTokenizer Tokenizer = CheckpointFinder.Find(TinyCheckpoint.Directory).LoadTokenizer();

    private static readonly ModelConfig Config = CheckpointFinder.Find(TinyCheckpoint.Directory).Config with
    {
        Audio = CheckpointFinder.Find(TinyCheckpoint.Directory).Config.Audio with { Width = 32, LayerCount = 1, HeadCount = 2, FeedForwardWidth = 32, ConvChannelCount = 2, OutputWidth = 32 },
        Text = CheckpointFinder.Find(TinyCheckpoint.Directory).Config.Text with { Width = 32, LayerCount = 1, HeadCount = 2, KvHeadCount = 1, HeadWidth = 16, FeedForwardWidth = 32 },
    };

    /// <summary>A whole model as CrispASR stores it.</summary>
    public static byte[] CrispAsr() => Write(TensorNames.CrispAsr, _ => true, file => GgufExportKeys.AddCrispAsr(file, Config, Tokenizer.SpecialTokens), hasTokenizer: true);

    /// <summary>The text file of a llama.cpp pair.</summary>
    public static byte[] LlamaText() => Write(TensorNames.LlamaCpp, name => !IsAudio(name), file => GgufExportKeys.AddLlamaText(file, Config.Text, Tokenizer.SpecialTokens), hasTokenizer: true);

    /// <summary>The mmproj file of a llama.cpp pair.</summary>
    public static byte[] LlamaAudio() => Write(TensorNames.LlamaCpp, IsAudio, file => GgufExportKeys.AddLlamaAudio(file, Config.Audio), hasTokenizer: false);

    private static bool IsAudio(string name) => name.StartsWith(ModelTensors.AudioPrefix, StringComparison.Ordinal);

    private static byte[] Write(TensorNames names, Func<string, bool> isWanted, Action<GgufWriter> addKeys, bool hasTokenizer)
    {
        var file = new GgufWriter();
        addKeys(file);
        if (hasTokenizer) GgufTokenizerWriter.Add(file, Tokenizer, Config.Text.VocabularySize);
        foreach ((string name, long[] shape) in ModelTensors.Of(Config).Where(tensor => isWanted(tensor.Name)))
        {
            DType type = shape.Length == 2 && shape[1] % 32 == 0 ? DType.Q8_0 : DType.F32;
            long byteCount = DTypeInfo.Of(type).BytesOf(shape.Aggregate(1L, (product, dimension) => product * dimension));
            file.AddTensor(names.Translate(name)!, type, shape, (stream, _) => stream.Write(new byte[byteCount]));
        }

        using var stream = new MemoryStream();
        file.Write(stream, CancellationToken.None);
        return stream.ToArray();
    }
}
