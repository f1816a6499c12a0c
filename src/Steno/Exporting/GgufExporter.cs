using System.Buffers.Binary;
using Steno.Audio;
using Steno.Checkpoints;
using Steno.Dialects;
using Steno.Files;
using Steno.Formats.Gguf;
using Steno.Model;
using Steno.Tensors;
using Steno.Threading;
using Steno.Tokenization;

namespace Steno.Exporting;

/// <summary>Writes a checkpoint as GGUF: in one file as CrispASR or transcribe.cpp stores it, or in two as llama.cpp does.</summary>
/// <remarks>
/// A plan comes first, so that the sizes are known before anything is written. Tensors are then streamed, a few megabytes at a time. Files take
/// their names once all of them are whole; until then, and after a fault, there is none. Not safe for use by several threads.
/// </remarks>
internal sealed class GgufExporter : IDisposable
{
    private const int WindowLength = 400;

    // What is not on the disk yet must be little when the work is stopped, which cannot end while it is being brought there.
    private const long SyncBytes = 8L << 20;

    private const int BufferBytes = 1 << 20;

    private readonly Checkpoint _checkpoint;
    private readonly BpeTokenizer _tokenizer;
    private readonly GgufMixture _mixture;
    private readonly bool _allowLossy;
    private readonly ImportanceMatrix? _importance;
    private readonly WorkerPool _pool;
    private readonly IWeightSource _weights;
    private readonly List<PlannedFile> _files = [];
    private readonly List<(string Name, DType Stored, GgufTypeChoice Choice, long ByteCount, long RowLength)> _choices = [];
    private long _finishedBytes;
    private long _unsyncedBytes;
    private FileStream? _stream;

    /// <summary>Opens the weights.</summary>
    /// <param name="checkpoint">What to write.</param>
    /// <param name="mixture">The number formats.</param>
    /// <param name="allowLossy">True to store audio tower and head as coarsely as all else.</param>
    /// <param name="importance">How much the columns of each matrix count; null when all count the same.</param>
    /// <param name="pool">Threads that encode.</param>
    /// <exception cref="ModelFormatException">A weight file or the tokenizer is missing or broken.</exception>
    public GgufExporter(Checkpoint checkpoint, GgufMixture mixture, bool allowLossy, ImportanceMatrix? importance, WorkerPool pool)
    {
        _checkpoint = checkpoint;
        _tokenizer = checkpoint.LoadTokenizer();
        _mixture = mixture;
        _allowLossy = allowLossy;
        _importance = importance;
        _pool = pool;
        _weights = checkpoint.OpenWeights();
    }

    /// <summary>Told how many bytes are written.</summary>
    public Action<long>? OnProgress { get; init; }

    /// <summary>The files that are planned, with their sizes.</summary>
    public IReadOnlyList<(string Path, long ByteCount)> Files => [.. _files.Select(file => (file.Path, file.Content.FileBytes))];

    /// <summary>Every tensor of the model that is planned: the format it has, the one it gets, its bytes then, and the length of its rows.</summary>
    public IReadOnlyList<(string Name, DType Stored, GgufTypeChoice Choice, long ByteCount, long RowLength)> Tensors => _choices;

    /// <summary>Plans one file in CrispASR's dialect.</summary>
    /// <exception cref="ModelFormatException">The checkpoint lacks a tensor.</exception>
    public void PlanCrispAsr(string path)
    {
        var file = new GgufWriter();
        GgufExportKeys.AddCrispAsr(file, _checkpoint.Config, _tokenizer.SpecialTokens);
        GgufTokenizerWriter.Add(file, _tokenizer, _checkpoint.Config.Text.VocabularySize);
        int melBinCount = _checkpoint.Config.Audio.MelBinCount;
        AddFloats(file, "audio.mel_filters", [MelFilterBank.PowerBinCount, melBinCount], MelFilters(melBinCount, isFilterMajor: false));
        AddFloats(file, "audio.mel_window", [WindowLength], HannWindow());
        AddTensors(file, TensorNames.CrispAsr, _ => true);

        // CrispASR looks for a head of its own; the same bytes are recognised as the embedding by readers that care.
        if (_checkpoint.Config.Text.HasTiedHead) AddTensor(file, "output.weight", ModelTensors.EmbedTokens);
        Add(path, file, GgufFileType.Ggml(file.MostType));
    }

    /// <summary>Plans one file in transcribe.cpp's dialect.</summary>
    /// <exception cref="ModelFormatException">The checkpoint lacks a tensor.</exception>
    /// <exception cref="UnsupportedModelException">The dialect cannot hold the model.</exception>
    public void PlanTranscribeCpp(string path)
    {
        if (!_checkpoint.Config.Text.HasTiedHead)
        {
            throw new UnsupportedModelException(
                $"{_checkpoint.Location}: the model has an output head of its own, or one that is stored otherwise than the embedding; transcribe.cpp has one matrix for both. Write another dialect, or begin with the original model.");
        }

        var file = new GgufWriter();
        GgufExportKeys.AddTranscribeCpp(file, _checkpoint.Config);
        GgufTokenizerWriter.Add(file, _tokenizer, _checkpoint.Config.Text.VocabularySize);
        int melBinCount = _checkpoint.Config.Audio.MelBinCount;
        AddFloats(file, "frontend.mel_filterbank", [melBinCount, MelFilterBank.PowerBinCount], MelFilters(melBinCount, isFilterMajor: true));
        AddFloats(file, "frontend.window", [WindowLength], HannWindow());
        AddTensors(file, TensorNames.TranscribeCpp, _ => true);
        RequireReadable();
        Add(path, file, GgufFileType.LlamaCpp(file.MostType, _mixture.FinerChosenLayers is not null));
    }

    /// <summary>Plans the two files of llama.cpp.</summary>
    /// <param name="textPath">The language model.</param>
    /// <param name="audioPath">The audio tower; its name should contain mmproj.</param>
    /// <exception cref="ModelFormatException">The checkpoint lacks a tensor.</exception>
    public void PlanLlamaCpp(string textPath, string audioPath)
    {
        var text = new GgufWriter();
        GgufExportKeys.AddLlamaText(text, _checkpoint.Config.Text, _tokenizer.SpecialTokens);
        GgufTokenizerWriter.Add(text, _tokenizer, _checkpoint.Config.Text.VocabularySize);
        AddTensors(text, TensorNames.LlamaCpp, name => !IsAudio(name));
        Add(textPath, text, GgufFileType.LlamaCpp(text.MostType, _mixture.FinerChosenLayers is not null));

        var audio = new GgufWriter();
        GgufExportKeys.AddLlamaAudio(audio, _checkpoint.Config.Audio);
        int width = _checkpoint.Config.Audio.Width;
        AddFloats(audio, "a.position_embd.weight", [GgufExportKeys.PositionCount, width], SinusoidalPositions.Create(GgufExportKeys.PositionCount, width));
        AddTensors(audio, TensorNames.LlamaCpp, IsAudio);
        Add(audioPath, audio, GgufFileType.LlamaCpp(audio.MostType, isMixture: false));
    }

    /// <summary>Writes what is planned.</summary>
    /// <param name="overwrites">True to replace files of these names.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left of it.</param>
    /// <exception cref="ModelFormatException">A weight is not finite, or too large for its format.</exception>
    /// <exception cref="IOException">A file cannot be written, or there is one already.</exception>
    public void Write(bool overwrites, CancellationToken cancellationToken)
    {
        WholeFile[] unfinished = new WholeFile[_files.Count];
        try
        {
            for (int i = 0; i < unfinished.Length; i++)
            {
                string path = FileLinks.Resolve(_files[i].Path);
                WholeFile.DeleteLeftOvers(path);
                unfinished[i] = new WholeFile(path, BufferBytes);
                Write(_files[i].Content, unfinished[i], cancellationToken);
            }

            foreach (WholeFile file in unfinished) file.Complete(overwrites);
        }
        finally
        {
            foreach (WholeFile? file in unfinished) file?.Dispose();
        }
    }

    public void Dispose() => _weights.Dispose();

    private static bool IsAudio(string name) => name.StartsWith(ModelTensors.AudioPrefix, StringComparison.Ordinal);

    private static void AddFloats(GgufWriter file, string name, long[] shape, float[] values) =>
        file.AddTensor(name, DType.F32, shape, (stream, _) =>
        {
            Span<byte> bytes = stackalloc byte[sizeof(float)];
            foreach (float value in values)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
                stream.Write(bytes);
            }
        });

    private static float[] MelFilters(int melBinCount, bool isFilterMajor)
    {
        var bank = new MelFilterBank(melBinCount);
        float[] filters = new float[MelFilterBank.PowerBinCount * melBinCount];
        for (int filter = 0; filter < melBinCount; filter++)
        {
            ReadOnlySpan<float> weights = bank.Weights(filter);
            for (int i = 0; i < weights.Length; i++)
            {
                int bin = bank.FirstBin(filter) + i;
                filters[isFilterMajor ? (filter * MelFilterBank.PowerBinCount) + bin : (bin * melBinCount) + filter] = weights[i];
            }
        }

        return filters;
    }

    private static float[] HannWindow() =>
        [.. Enumerable.Range(0, WindowLength).Select(i => (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * i / WindowLength))))];

    // transcribe.cpp looks at the type of each matrix, and multiplies gate and up as one.
    private void RequireReadable()
    {
        foreach ((string name, _, GgufTypeChoice choice, _, _) in _choices)
        {
            if (choice.Type is DType.Q2_K or DType.Q3_K or DType.IQ4_NL or DType.IQ4_XS) throw Unreadable(name, $"{choice.Type}, which transcribe.cpp does not read");
            const string Gate = ".gate_proj.";
            if (!name.Contains(Gate, StringComparison.Ordinal)) continue;
            string up = name.Replace(Gate, ".up_proj.", StringComparison.Ordinal);
            if (_choices.Find(other => other.Name == up).Choice.Type != choice.Type) throw Unreadable(name, $"{choice.Type} beside another type of the up projection, which transcribe.cpp does not take");
        }
    }

    private UnsupportedModelException Unreadable(string name, string problem) =>
        new($"{_checkpoint.Location}: {name} would be written in {problem}. Name a type in place of 'keep'.");

    private void Add(string path, GgufWriter file, uint fileType)
    {
        file.Add("general.name", "Qwen3-ASR");
        file.Add(GgufFileType.Key, fileType);
        if (file.HasQuantizedTensors) file.Add("general.quantization_version", 2u);
        _files.Add(new PlannedFile(path, file));
    }

    private void AddTensors(GgufWriter file, TensorNames names, Func<string, bool> isWanted)
    {
        foreach ((string name, _) in ModelTensors.Of(_checkpoint.Config))
        {
            if (isWanted(name)) AddTensor(file, names.Translate(name)!, name);
        }
    }

    private void AddTensor(GgufWriter file, string storedName, string name)
    {
        if (!_weights.TryGetTensor(name, out TensorView tensor))
        {
            throw new ModelFormatException(
                "the checkpoint lacks a tensor of the model",
                _weights.Location,
                name,
                expected: "the tensor",
                found: "no tensor of that name");
        }

        GgufTypeChoice choice = _mixture.Choose(tensor, name, _checkpoint.Config.Text, _allowLossy);
        _choices.Add((name, tensor.LosslessType, choice, DTypeInfo.Of(choice.Type).BytesOf(tensor.ElementCount), tensor.Shape[^1]));

        // llama.cpp adds the bias of a convolution to an array of three dimensions.
        bool isSpread = storedName.StartsWith("a.conv2d", StringComparison.Ordinal) && storedName.EndsWith(".bias", StringComparison.Ordinal);
        long[] shape = isSpread ? [tensor.Shape[0], 1, 1] : tensor.Shape;
        var export = new TensorExport(tensor, choice.Type, _importance?.Of(name), _pool);
        file.AddTensor(storedName, choice.Type, shape, (stream, cancellationToken) => export.Write(stream, OnChunk, cancellationToken));
    }

    private void Write(GgufWriter content, WholeFile file, CancellationToken cancellationToken)
    {
        _stream = file.Stream;
        _unsyncedBytes = 0;
        content.Write(file.Stream, cancellationToken);
        file.Flush();
        _finishedBytes += file.Stream.Length;
        OnProgress?.Invoke(_finishedBytes);
    }

    private void OnChunk(int byteCount)
    {
        _unsyncedBytes += byteCount;
        if (_unsyncedBytes >= SyncBytes)
        {
            _stream!.Flush(flushToDisk: true);
            _unsyncedBytes = 0;
        }

        OnProgress?.Invoke(_finishedBytes + _stream!.Position);
    }

    private sealed record PlannedFile(string Path, GgufWriter Content);
}
