using System.Buffers.Binary;
using Steno.Audio;
using Steno.Formats.Gguf;
using Steno.Model;
using Steno.Tensors;
using Steno.Threading;
using Steno.Tokenization;

namespace Steno.Loading;

/// <summary>Writes a checkpoint as GGUF: in one file as CrispASR stores it, or in two as llama.cpp does.</summary>
/// <remarks>Tensors are streamed. A file takes its name once it is whole; until then, and after a fault, there is none.</remarks>
internal sealed class GgufExporter
{
    private const int PositionCount = 1500;
    private const int WindowLength = 400;
    private const float AudioNormEpsilon = 1e-5f;

    private readonly Checkpoint _checkpoint;
    private readonly BpeTokenizer _tokenizer;
    private readonly GgufMixture _mixture;
    private readonly bool _allowLossy;
    private readonly WorkerPool _pool;

    /// <summary>Prepares to write.</summary>
    /// <param name="checkpoint">What to write.</param>
    /// <param name="mixture">The number formats.</param>
    /// <param name="allowLossy">True to store audio tower and head as coarsely as all else.</param>
    /// <param name="pool">Threads that encode.</param>
    public GgufExporter(Checkpoint checkpoint, GgufMixture mixture, bool allowLossy, WorkerPool pool)
    {
        _checkpoint = checkpoint;
        _tokenizer = checkpoint.LoadTokenizer();
        _mixture = mixture;
        _allowLossy = allowLossy;
        _pool = pool;
    }

    /// <summary>Told how many bytes are written, of how many.</summary>
    public Action<long, long>? OnProgress { get; init; }

    /// <summary>Writes one file in CrispASR's dialect.</summary>
    public void WriteCrispAsr(string path, CancellationToken cancellationToken)
    {
        using IWeightSource weights = _checkpoint.OpenWeights();
        var file = new GgufWriter();
        AddCrispAsrKeys(file, _checkpoint.Config, _tokenizer.SpecialTokens);
        AddFileType(file);
        GgufTokenizerWriter.Add(file, _tokenizer, _checkpoint.Config.Text.VocabularySize);
        int melBinCount = _checkpoint.Config.Audio.MelBinCount;
        AddFloats(file, "audio.mel_filters", [MelFilterBank.PowerBinCount, melBinCount], MelFilters(melBinCount));
        AddFloats(file, "audio.mel_window", [WindowLength], HannWindow());
        AddTensors(file, weights, GgufNames.CrispAsr, _ => true, cancellationToken);

        // CrispASR looks for a head of its own; the same bytes are recognised as the embedding by readers that care.
        if (_checkpoint.Config.Text.HasTiedHead) AddTensor(file, weights, "output.weight", ModelTensors.EmbedTokens, cancellationToken);
        Save(file, path, cancellationToken);
    }

    /// <summary>Writes the two files of llama.cpp.</summary>
    /// <param name="textPath">The language model.</param>
    /// <param name="audioPath">The audio tower; its name should contain mmproj.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public void WriteLlamaCpp(string textPath, string audioPath, CancellationToken cancellationToken)
    {
        using IWeightSource weights = _checkpoint.OpenWeights();
        var text = new GgufWriter();
        AddLlamaTextKeys(text, _checkpoint.Config.Text);
        AddFileType(text);
        GgufTokenizerWriter.Add(text, _tokenizer, _checkpoint.Config.Text.VocabularySize);
        AddTensors(text, weights, GgufNames.LlamaCpp, name => !IsAudio(name), cancellationToken);
        Save(text, textPath, cancellationToken);

        var audio = new GgufWriter();
        AddLlamaAudioKeys(audio, _checkpoint.Config.Audio);
        AddFileType(audio);
        int width = _checkpoint.Config.Audio.Width;
        AddFloats(audio, "a.position_embd.weight", [PositionCount, width], SinusoidalPositions.Create(PositionCount, width));
        AddTensors(audio, weights, GgufNames.LlamaCpp, IsAudio, cancellationToken);
        Save(audio, audioPath, cancellationToken);
    }

    private static void AddCrispAsrKeys(GgufWriter file, ModelConfig config, SpecialTokens tokens)
    {
        AudioEncoderConfig audio = config.Audio;
        TextDecoderConfig text = config.Text;
        GgufKeys keys = GgufKeys.CrispAsr;
        file.Add(GgufFileKinds.ArchitectureKey, "qwen3asr");
        foreach ((string key, int value) in keys.FrontEnd) file.Add(key, (uint)value);
        file.Add(keys.MelBinCount, (uint)audio.MelBinCount);
        file.Add(keys.Window!, (uint)audio.ChunkFrameCount / 2);
        file.Add(keys.WindowInfer!, (uint)audio.WindowFrameCount);
        file.Add(keys.AudioLayerCount, (uint)audio.LayerCount);
        file.Add(keys.AudioWidth, (uint)audio.Width);
        file.Add(keys.AudioHeadCount, (uint)audio.HeadCount);
        file.Add("qwen3asr.audio.head_dim", (uint)audio.HeadWidth);
        file.Add(keys.AudioFeedForwardWidth, (uint)audio.FeedForwardWidth);
        file.Add(keys.ConvChannelCount!, (uint)audio.ConvChannelCount);
        file.Add(keys.AudioOutputWidth!, (uint)audio.OutputWidth);
        file.Add("qwen3asr.audio.max_source_pos", (uint)PositionCount);
        AddTextDimensions(file, keys, text);
        file.Add(keys.VocabularySize!, (uint)text.VocabularySize);
        file.Add(keys.MaxPositionCount!, (uint)text.MaxPositionCount);
        file.Add(keys.AudioStartTokenId!, (uint)config.AudioStartTokenId);
        file.Add(keys.AudioEndTokenId!, (uint)config.AudioEndTokenId);
        file.Add(keys.AudioTokenId!, (uint)config.AudioTokenId);
        file.Add("qwen3asr.eos_token_id", (uint)tokens.ImEnd);
        file.Add("qwen3asr.pad_token_id", (uint)tokens.EndOfText);
    }

    private static void AddLlamaTextKeys(GgufWriter file, TextDecoderConfig text)
    {
        const string Architecture = "qwen3vl";
        GgufKeys keys = GgufKeys.LlamaCpp(Architecture);
        file.Add(GgufFileKinds.ArchitectureKey, Architecture);
        file.Add("general.type", "model");
        AddTextDimensions(file, keys, text);
        file.Add(keys.MaxPositionCount!, (uint)text.MaxPositionCount);
        file.Add($"{Architecture}.attention.value_length", (uint)text.HeadWidth);

        // Shares of the rotated pairs that follow time, height and width: 24, 20 and 20 for heads of 128.
        int pairCount = text.HeadWidth / 2;
        int spatial = pairCount * 5 / 16;
        file.Add($"{Architecture}.rope.dimension_sections", [pairCount - (2 * spatial), spatial, spatial, 0]);
        file.Add($"{Architecture}.n_deepstack_layers", 0u);
    }

    private static void AddLlamaAudioKeys(GgufWriter file, AudioEncoderConfig audio)
    {
        GgufKeys keys = GgufKeys.LlamaCpp("qwen3vl");
        file.Add(GgufFileKinds.ArchitectureKey, "clip");
        file.Add("general.type", "mmproj");
        file.Add("clip.has_audio_encoder", value: true);
        file.Add("clip.has_vision_encoder", value: false);
        file.Add("clip.audio.projector_type", "qwen3a");
        file.Add(keys.AudioWidth, (uint)audio.Width);
        file.Add(keys.AudioFeedForwardWidth, (uint)audio.FeedForwardWidth);
        file.Add(keys.AudioLayerCount, (uint)audio.LayerCount);
        file.Add(keys.AudioHeadCount, (uint)audio.HeadCount);
        file.Add(keys.AudioNormEpsilon!, AudioNormEpsilon);
        file.Add(keys.MelBinCount, (uint)audio.MelBinCount);
        file.Add(keys.AudioOutputWidth!, (uint)audio.OutputWidth);
        file.Add(keys.Window!, (uint)audio.ChunkFrameCount / 2);
        file.Add(keys.WindowInfer!, (uint)audio.WindowFrameCount);
    }

    private static void AddTextDimensions(GgufWriter file, GgufKeys keys, TextDecoderConfig text)
    {
        file.Add(keys.TextLayerCount, (uint)text.LayerCount);
        file.Add(keys.TextWidth, (uint)text.Width);
        file.Add(keys.TextFeedForwardWidth, (uint)text.FeedForwardWidth);
        file.Add(keys.TextHeadCount, (uint)text.HeadCount);
        file.Add(keys.TextKvHeadCount, (uint)text.KvHeadCount);
        file.Add(keys.TextHeadWidth, (uint)text.HeadWidth);
        file.Add(keys.RmsNormEpsilon, text.RmsNormEpsilon);
        file.Add(keys.RopeTheta, (float)text.RopeTheta);
    }

    private static bool IsAudio(string name) => name.StartsWith(ModelTensors.AudioPrefix, StringComparison.Ordinal);

    private static void AddFloats(GgufWriter file, string name, long[] shape, float[] values) =>
        file.AddTensor(name, DType.F32, shape, stream =>
        {
            Span<byte> bytes = stackalloc byte[sizeof(float)];
            foreach (float value in values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                stream.Write(bytes);
            }
        });

    private static float[] MelFilters(int melBinCount)
    {
        var bank = new MelFilterBank(melBinCount);
        float[] filters = new float[MelFilterBank.PowerBinCount * melBinCount];
        for (int filter = 0; filter < melBinCount; filter++)
        {
            ReadOnlySpan<float> weights = bank.Weights(filter);
            for (int i = 0; i < weights.Length; i++) filters[((bank.FirstBin(filter) + i) * melBinCount) + filter] = weights[i];
        }

        return filters;
    }

    private static float[] HannWindow() =>
        [.. Enumerable.Range(0, WindowLength).Select(i => (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * i / WindowLength))))];

    private void AddFileType(GgufWriter file)
    {
        file.Add("general.name", "Qwen3-ASR");
        if (DTypeInfo.Of(_mixture.Matrices).IsQuantized) file.Add("general.quantization_version", 2u);
    }

    private void AddTensors(GgufWriter file, IWeightSource weights, GgufNames names, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        foreach ((string name, _) in ModelTensors.Of(_checkpoint.Config))
        {
            if (isWanted(name)) AddTensor(file, weights, names.Translate(name)!, name, cancellationToken);
        }
    }

    private void AddTensor(GgufWriter file, IWeightSource weights, string storedName, string name, CancellationToken cancellationToken)
    {
        if (!weights.TryGetTensor(name, out TensorView tensor))
        {
            throw new ModelFormatException(
                "the checkpoint lacks a tensor of the model",
                weights.Location,
                name,
                expected: "the tensor",
                found: "no tensor of that name");
        }
        DType type = _mixture.TypeOf(name, tensor.Shape, _checkpoint.Config.Text.LayerCount, _allowLossy);

        // llama.cpp adds the bias of a convolution to an array of three dimensions.
        bool isSpread = storedName.StartsWith("a.conv2d", StringComparison.Ordinal) && storedName.EndsWith(".bias", StringComparison.Ordinal);
        long[] shape = isSpread ? [tensor.Shape[0], 1, 1] : tensor.Shape;
        file.AddTensor(storedName, type, shape, stream =>
        {
            TensorExport.Write(stream, tensor, type, _pool, cancellationToken);
            weights.Release(tensor);
        });
    }

    private void Save(GgufWriter file, string path, CancellationToken cancellationToken)
    {
        string unfinished = $"{path}.{Path.GetRandomFileName()}.part";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                file.Write(stream, written => OnProgress?.Invoke(written, file.DataBytes), cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
