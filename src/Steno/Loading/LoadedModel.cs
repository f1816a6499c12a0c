using Steno.Checkpoints;
using Steno.Kernels;
using Steno.Model;
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
    /// <exception cref="ModelFormatException">A file is missing, broken, or contradicts another.</exception>
    /// <exception cref="UnsupportedModelException">The checkpoint is not a Qwen3-ASR model.</exception>
    public static LoadedModel Load(string path, WeightPrecision weights, int? threadCount, CancellationToken cancellationToken, string? companionPath = null, IReadOnlyList<string>? adapters = null)
    {
        KernelPaths.RequireValidVariable();
        Checkpoint checkpoint = CheckpointFinder.Find(path, companionPath, adapters ?? []);
        BpeTokenizer tokenizer = checkpoint.LoadTokenizer();
        RequireSameTokens(checkpoint, tokenizer);
        IReadOnlyList<int> stopTokenIds = StopTokens.Of(checkpoint, tokenizer);
        WorkerPool? ownPool = threadCount is { } count ? new WorkerPool(count) : null;
        try
        {
            var runner = new KernelRunner(ownPool ?? WorkerPool.Shared, KernelPaths.Selected);
            using IWeightSource source = checkpoint.OpenWeights();
            ModelWeights packed = ModelWeights.Pack(checkpoint.Config, source, weights, runner.Pool, cancellationToken);
            return new LoadedModel(checkpoint, tokenizer, stopTokenIds, packed, runner, ownPool);
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
