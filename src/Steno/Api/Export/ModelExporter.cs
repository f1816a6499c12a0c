using Steno.Calibration;
using Steno.Checkpoints;
using Steno.Exporting;
using Steno.Files;
using Steno.Hub;
using Steno.Loading;
using Steno.Tensors;
using Steno.Threading;

namespace Steno;

/// <summary>Writes models as GGUF files, converted or quantised, for Steno and for other programs.</summary>
public static class ModelExporter
{
    /// <summary>What stays free on the disk.</summary>
    private const long SpareBytes = 16L * 1024 * 1024;

    private const string AudioPrefix = "mmproj-";

    /// <summary>
    /// Names of the number formats: <c>keep</c>, <c>f32</c>, <c>f16</c> and <c>bf16</c> convert; the others quantise: GGML's formats, llama.cpp's mixture
    /// <c>q4_k_m</c>, and the mixtures that Steno recommends, <c>steno-q5</c> and <c>steno-q4</c>.
    /// </summary>
    public static IReadOnlyList<string> Types { get; } = [.. GgufMixture.All.Select(mixture => mixture.Name)];

    /// <summary>Writes a model as GGUF. The files appear once they are whole; after a fault or a cancellation there is none.</summary>
    /// <param name="nameOrPath">The model, as <see cref="AsrModel.Load"/> takes it.</param>
    /// <param name="outputPath">The file to write; of a pair, the language model.</param>
    /// <param name="options">What to write; null for the defaults.</param>
    /// <param name="progress">Told how far it is, by one thread at a time.</param>
    /// <param name="cancellationToken">Stops it within 100 ms, then deletes what was written.</param>
    /// <exception cref="ArgumentException">An option is not possible.</exception>
    /// <exception cref="ModelFormatException">The model is not installed, or a file of it is missing, broken, or contradicts another; or a weight is too large for its format.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is not a Qwen3-ASR model, or not one that the dialect can hold.</exception>
    /// <exception cref="AudioFormatException">Calibration audio cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be written, is there already, or the disk is full.</exception>
    public static Task<ExportedModel> ExportAsync(
        string nameOrPath, string outputPath, ExportOptions? options = null, IProgress<ExportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        ArgumentException.ThrowIfNullOrEmpty(outputPath);
        options ??= new ExportOptions();
        _ = MixtureOf(options);
        if (options.ThreadCount is { } count) ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(options));
        return Task.Run(() => ExportAsync(Open(nameOrPath, options), outputPath, options, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Opens the model to be written.</summary>
    internal static Checkpoint Open(string nameOrPath, ExportOptions options) => CheckpointFinder.Find(ModelLocation.PathOf(nameOrPath), options.CompanionPath, options.Adapters);

    /// <summary>Writes a model that is open.</summary>
    internal static async Task<ExportedModel> ExportAsync(
        Checkpoint checkpoint, string outputPath, ExportOptions options, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        string[] paths = PathsOf(outputPath, options.Dialect);
        Check(checkpoint, paths, options);
        ImportanceMatrix? importance = await CalibrateAsync(checkpoint, options, progress, cancellationToken).ConfigureAwait(false);
        using WorkerPool? ownPool = options.ThreadCount is { } count ? new WorkerPool(count) : null;
        long total = 0;
        using var exporter = new GgufExporter(checkpoint, MixtureOf(options), options.AllowLossy, importance, ownPool ?? WorkerPool.Shared)
        {
            OnProgress = done => progress?.Report(new ExportProgress { Phase = ExportPhase.Writing, BytesDone = done, BytesTotal = total }),
        };
        if (options.Dialect == ExportDialect.LlamaCpp) exporter.PlanLlamaCpp(paths[0], paths[1]);
        else if (options.Dialect == ExportDialect.TranscribeCpp) exporter.PlanTranscribeCpp(paths[0]);
        else exporter.PlanCrispAsr(paths[0]);
        total = exporter.Files.Sum(file => file.ByteCount);
        RequireFreeBytes(paths[0], total, StoreLayout.FreeBytes);
        Write(exporter, options.Overwrite, cancellationToken);
        progress?.Report(new ExportProgress { Phase = ExportPhase.Done, BytesDone = total, BytesTotal = total });
        return Describe(exporter);
    }

    /// <summary>Sees that the output fits on its disk.</summary>
    /// <exception cref="IOException">It does not.</exception>
    internal static void RequireFreeBytes(string path, long byteCount, Func<string, long?> freeBytes)
    {
        string directory = Path.GetDirectoryName(path)!;
        if (freeBytes(directory) is { } free && byteCount + SpareBytes > free)
            throw new IOException($"{path}: {ByteCount.Text(byteCount)} are to be written and {ByteCount.Text(free)} are free in {directory}");
    }

    private static async Task<ImportanceMatrix?> CalibrateAsync(Checkpoint checkpoint, ExportOptions options, IProgress<ExportProgress>? progress, CancellationToken cancellationToken)
    {
        if (options.CalibrationAudio is not { Count: > 0 } audio) return null;
        using LoadedModel model = LoadedModel.Load(checkpoint.Location, WeightPrecision.BFloat16, options.ThreadCount, cancellationToken, options.CompanionPath, options.Adapters);
        var calibrator = new Calibrator(model);
        foreach (string path in audio)
        {
            progress?.Report(new ExportProgress { Phase = ExportPhase.Calibrating, Audio = path });
            await calibrator.AddAsync(path, cancellationToken).ConfigureAwait(false);
        }

        return calibrator.ToImportance();
    }

    private static GgufMixture MixtureOf(ExportOptions options) =>
        GgufMixture.Find(options.Type) ?? throw new ArgumentException($"'{options.Type}' is no number format of a model: expected one of {string.Join(", ", Types)}", nameof(options));

    private static string[] PathsOf(string outputPath, ExportDialect dialect)
    {
        string path = Path.GetFullPath(outputPath);
        if (dialect != ExportDialect.LlamaCpp) return [path];
        string name = Path.GetFileName(path);
        if (name.Contains("mmproj", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"'{name}' must not have 'mmproj' in it: that is how the file of the audio tower is known, which is written beside it", nameof(outputPath));
        return [path, Path.Combine(Path.GetDirectoryName(path)!, AudioPrefix + name)];
    }

    private static void Check(Checkpoint checkpoint, string[] paths, ExportOptions options)
    {
        var recordings = new FileSet();
        foreach (string path in options.CalibrationAudio ?? []) recordings.Add(path);
        var model = new FileSet();
        foreach (string path in checkpoint.Files.Append(checkpoint.Location)) model.Add(path);
        foreach (string path in paths)
        {
            if (model.Find(path) is not null) throw new IOException($"{path}: this is a file of the model that is to be read; write to another");
            if (recordings.Find(path) is { } recording) throw new IOException($"{path}: this is a recording that is to be read ({recording}); write to another");
            CheckPlace(path, options.Overwrite);
        }
    }

    private static void CheckPlace(string path, bool overwrites)
    {
        if (FileNames.IsLost(path)) throw new IOException($"{path}: {FileNames.Problem}");
        FileStatus? status = FileStatus.Of(path);
        if (status?.Kind == FileKind.Directory) throw new IOException($"{path}: this is a directory; name a file in it");
        if (status is { Kind: not FileKind.Regular } || FileLinks.IsDescriptor(path))
            throw new IOException($"{path}: this is {status?.KindText ?? "a device"}; a model is written to a file, whole or not at all");
        if (status is not null && !overwrites) throw new IOException($"{path}: there is such a file already");
        string target = FileLinks.Resolve(path);
        if (status is not null) RequireModel(path, target);
        string directory = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(directory)) throw new DirectoryNotFoundException($"{path}: there is no directory {directory}");
        try
        {
            using var trial = new WholeFile(target, bufferSize: 0);
            if (!trial.KeepsOwner) throw new IOException("it belongs to another user or group, to whom the new file could not be given: delete it first, or write to another");
        }
        catch (Exception exception) when (FileFault.Is(exception))
        {
            throw new IOException($"{path}: the file cannot be written: {FileFault.ReasonOf(exception)}", exception);
        }
    }

    // What is replaced on request is a model of the same kind, also half of one; never a recording or a text whose name was given by mistake.
    private static void RequireModel(string path, string target)
    {
        if (new FileInfo(target).Length == 0) return;
        FileHead head = FileHead.Read(target);
        if (head.StartsWith("GGUF"u8)) return;
        string content = head.Bytes.IsEmpty ? "cannot be read" : ForeignFiles.Recognize(head) is { } known ? $"is not GGUF but {known.Name}" : "is not GGUF";
        throw new IOException($"{path}: the file that is there {content}, and would be lost: delete it first, or name another");
    }

    private static void Write(GgufExporter exporter, bool overwrites, CancellationToken cancellationToken)
    {
        try
        {
            exporter.Write(overwrites, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{string.Join(" and ", exporter.Files.Select(file => file.Path))}: the model cannot be written: {FileFault.ReasonOf(exception)}", exception);
        }
    }

    private static ExportedModel Describe(GgufExporter exporter) => new()
    {
        Files = [.. exporter.Files.Select(file => new ExportedFile(file.Path, file.ByteCount))],
        Weights = [.. exporter.Tensors
            .GroupBy(tensor => tensor.Choice)
            .OrderByDescending(group => group.Sum(tensor => tensor.ByteCount))
            .Select(group => new ExportedWeights(NameOf(group.Key.Type), group.Key.Type == group.Key.Wanted ? null : NameOf(group.Key.Wanted), group.Count(), group.Sum(tensor => tensor.ByteCount)))],
    };

    private static string NameOf(DType type) => type.ToString();
}
