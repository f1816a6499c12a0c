namespace Steno.Benchmarks.Growing;

/// <summary>The dimensions that a checkpoint is grown to. What is not here stays: head widths, mel bins, windows, epsilons, frequencies.</summary>
internal sealed record ModelSize
{
    /// <summary>Qwen3-ASR-0.6B.</summary>
    public static ModelSize Qwen06B { get; } = new()
    {
        AudioWidth = 896,
        AudioLayerCount = 18,
        AudioHeadCount = 14,
        AudioFeedForwardWidth = 3584,
        ConvChannelCount = 480,
        TextWidth = 1024,
        TextLayerCount = 28,
        TextHeadCount = 16,
        TextKvHeadCount = 8,
        TextFeedForwardWidth = 3072,
        VocabularySize = 151936,
        ShardCount = 1,
    };

    /// <summary>Qwen3-ASR-1.7B.</summary>
    public static ModelSize Qwen17B { get; } = Qwen06B with
    {
        AudioWidth = 1024,
        AudioLayerCount = 24,
        AudioHeadCount = 16,
        AudioFeedForwardWidth = 4096,
        TextWidth = 2048,
        TextFeedForwardWidth = 6144,
        ShardCount = 2,
    };

    /// <summary>d_model of the audio tower.</summary>
    public required int AudioWidth { get; init; }

    public required int AudioLayerCount { get; init; }

    public required int AudioHeadCount { get; init; }

    public required int AudioFeedForwardWidth { get; init; }

    public required int ConvChannelCount { get; init; }

    /// <summary>hidden_size of the language model, and output_dim of the audio tower.</summary>
    public required int TextWidth { get; init; }

    public required int TextLayerCount { get; init; }

    public required int TextHeadCount { get; init; }

    public required int TextKvHeadCount { get; init; }

    public required int TextFeedForwardWidth { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>Files that the weights are spread over.</summary>
    public required int ShardCount { get; init; }
}
