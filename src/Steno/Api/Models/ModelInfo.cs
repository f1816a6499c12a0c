namespace Steno;

/// <summary>What a loaded model is.</summary>
public sealed record ModelInfo
{
    /// <summary>Name that it was loaded by, or its directory.</summary>
    public required string Name { get; init; }

    /// <summary>Directory of the checkpoint, or path of its GGUF file.</summary>
    public required string Directory { get; init; }

    /// <summary>Directories of the adapters that were added to the weights, in order.</summary>
    public required IReadOnlyList<string> Adapters { get; init; }

    /// <summary>What the files store the weights as, and what each part of them is held as; the largest part first.</summary>
    public required IReadOnlyList<HeldWeights> HeldWeights { get; init; }

    /// <summary>Number of weights.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Bytes of memory that the weights occupy.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of KV cache for each position (audio or text token).</summary>
    public required long CacheBytesPerPosition { get; init; }

    /// <summary>Most bytes that the KV caches of all transcriptions under way take together.</summary>
    public required long CacheMemory { get; init; }

    /// <summary>Number format in which the matrices are held.</summary>
    public required WeightPrecision Weights { get; init; }

    /// <summary>Threads that compute.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>Vector registers that the kernels use, such as <c>Vector128</c>; the environment variable STENO_KERNEL forces another.</summary>
    public required string KernelPath { get; init; }

    /// <summary>Languages that the checkpoint names.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>Audio encoder: layers, width, heads, MLP width, convolution channels.</summary>
    public required (int Layers, int Width, int Heads, int FeedForward, int ConvChannels) Encoder { get; init; }

    /// <summary>Text decoder: layers, width, query heads, key-value heads, MLP width, vocabulary.</summary>
    public required (int Layers, int Width, int Heads, int KvHeads, int FeedForward, int Vocabulary) Decoder { get; init; }
}
