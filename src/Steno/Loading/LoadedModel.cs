using Steno.Checkpoints;
using Steno.Kernels;
using Steno.Model;
using Steno.Packing;
using Steno.Tensors;
using Steno.Threading;
using Steno.Tokenization;

namespace Steno.Loading;

/// <summary>A checkpoint in memory, ready to run: weights, tokenizer and the networks over them.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly WorkerPool? _ownPool;

    private LoadedModel(Checkpoint checkpoint, BpeTokenizer tokenizer, IReadOnlyList<int> stopTokenIds, ModelWeights weights, KernelRunner runner, WorkerPool? ownPool)
    {
        Directory = checkpoint.Location;
        Adapters = checkpoint.Adapters;
        Files = checkpoint.Files;
        Config = checkpoint.Config;
        Tokenizer = tokenizer;
        Weights = weights;
        Runner = runner;
        StopTokenIds = stopTokenIds;
        AudioEncoder = new AudioEncoder(Config.Audio, weights.Audio, runner);
        TextDecoder = new TextDecoder(Config.Text, weights.Text, runner);
        _ownPool = ownPool;
    }

    /// <summary>The checkpoint directory, or the file that holds the model.</summary>
    public string Directory { get; }

    /// <summary>Directories of the adapters that are applied, in order.</summary>
    public IReadOnlyList<string> Adapters { get; }

    /// <summary>Full paths of the files that hold the weights.</summary>
    public IReadOnlyList<string> Files { get; }

    public ModelConfig Config { get; }

    /// <summary>The packed file that the weights came from; null where they came from the checkpoint.</summary>
    public string? PackedFile { get; private init; }

    /// <summary>Whether the weights are that file itself, shared with other processes.</summary>
    public bool IsMapped { get; private init; }

    /// <summary>Why a packed file that is there was not used; null where there is none, or it was.</summary>
    public string? PackedFileProblem { get; private init; }

    public BpeTokenizer Tokenizer { get; }

    public ModelWeights Weights { get; }

    public KernelRunner Runner { get; }

    public IReadOnlyList<int> StopTokenIds { get; }

    public AudioEncoder AudioEncoder { get; }

    public TextDecoder TextDecoder { get; }

    /// <summary>Languages that a caller may force: the checkpoint's own list, or all of Qwen3-ASR's when it has none.</summary>
    public IReadOnlyList<string> Languages => Config.SupportedLanguages.Count > 0 ? Config.SupportedLanguages : SupportedLanguages.Names;

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="path">A checkpoint directory, or a GGUF file.</param>
    /// <param name="weights">Number format of the weights in memory.</param>
    /// <param name="threadCount">Threads of a pool of its own; null for the shared pool.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <param name="companionPath">The second file of a GGUF pair; null to look for it beside the first.</param>
    /// <param name="adapters">Directories of adapters to apply, in order; null for none.</param>
    /// <param name="usesPackedFile">True to take the packed file beside the checkpoint, where there is one that fits; with adapters there is none.</param>
    /// <exception cref="ModelFormatException">A file is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is not a Qwen3-ASR model.</exception>
    public static LoadedModel Load(string path, WeightPrecision weights, int? threadCount, CancellationToken cancellationToken, string? companionPath = null, IReadOnlyList<string>? adapters = null, bool usesPackedFile = false)
    {
        KernelPaths.RequireValidVariable();
        Checkpoint checkpoint = CheckpointFinder.Find(path, companionPath, adapters ?? []);
        WorkerPool? ownPool = threadCount is { } count ? new WorkerPool(count) : null;
        try
        {
            var runner = new KernelRunner(ownPool ?? WorkerPool.Shared, KernelPaths.Selected);
            string? problem = null;
            PackedModel? packed = usesPackedFile && (adapters?.Count ?? 0) == 0 ? PackedModel.TryLoad(checkpoint, weights, runner.Pool, out problem, cancellationToken) : null;
            if (packed is not null) return OfPacked(checkpoint, packed, runner, ownPool);
            BpeTokenizer tokenizer = checkpoint.LoadTokenizer();
            RequireSameTokens(checkpoint, tokenizer);
            IReadOnlyList<int> stopTokenIds = StopTokens.Of(checkpoint, tokenizer);
            using IWeightSource source = checkpoint.OpenWeights();
            ModelWeights packedWeights = ModelWeights.Pack(checkpoint.Config, source, weights, runner.Pool, cancellationToken);
            return new LoadedModel(checkpoint, tokenizer, stopTokenIds, packedWeights, runner, ownPool) { PackedFileProblem = problem };
        }
        catch
        {
            ownPool?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Weights.Dispose();
        _ownPool?.Dispose();
    }

    private static LoadedModel OfPacked(Checkpoint checkpoint, PackedModel packed, KernelRunner runner, WorkerPool? ownPool)
    {
        try
        {
            BpeTokenizer tokenizer = packed.Tokenizer ?? checkpoint.LoadTokenizer();
            RequireSameTokens(checkpoint, tokenizer);
            return new LoadedModel(checkpoint, tokenizer, StopTokens.Of(checkpoint, tokenizer), packed.Weights, runner, ownPool) { PackedFile = packed.Path, IsMapped = packed.IsMapped };
        }
        catch
        {
            packed.Weights.Dispose();
            throw;
        }
    }

    // A prompt built with other ids than the model was trained on gives a transcript that is wrong without any sign of it.
    private static void RequireSameTokens(Checkpoint checkpoint, BpeTokenizer tokenizer)
    {
        ModelConfig config = checkpoint.Config;
        SpecialTokens tokens = tokenizer.SpecialTokens;
        Require("<|audio_start|>", tokens.AudioStart, config.AudioStartTokenId);
        Require("<|audio_pad|>", tokens.AudioPad, config.AudioTokenId);
        Require("<|audio_end|>", tokens.AudioEnd, config.AudioEndTokenId);
        if (tokenizer.VocabularySize > config.Text.VocabularySize)
        {
            throw new ModelFormatException(
                "the tokenizer has more tokens than the model", checkpoint.Location, expected: $"at most vocab_size = {config.Text.VocabularySize}", found: $"{tokenizer.VocabularySize}");
        }

        void Require(string token, int tokenizerId, int configId)
        {
            if (tokenizerId != configId)
            {
                throw new ModelFormatException(
                    $"the configuration and the tokenizer disagree on the id of {token}",
                    checkpoint.Location,
                    expected: $"{configId} as in the configuration",
                    found: $"{tokenizerId} in the tokenizer");
            }
        }
    }
}
