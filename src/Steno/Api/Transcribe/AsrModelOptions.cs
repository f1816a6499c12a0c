namespace Steno;

/// <summary>How a model is held in memory and run.</summary>
public sealed record AsrModelOptions
{
    /// <summary>Number format of the weights. Default: <see cref="WeightPrecision.Auto"/>.</summary>
    public WeightPrecision Weights { get; init; } = WeightPrecision.Auto;

    /// <summary>Number format of the KV cache. Default: <see cref="CachePrecision.BFloat16"/>.</summary>
    public CachePrecision KvCache { get; init; } = CachePrecision.BFloat16;

    /// <summary>
    /// Most bytes that the KV caches of all transcriptions under way may take together, above 0; null (the default) for a quarter of the memory that is
    /// free when the model is loaded. When they need more, transcriptions wait for each other; one that alone needs more ends with a
    /// <see cref="CacheMemoryException"/>.
    /// </summary>
    public long? CacheMemory { get; init; }

    /// <summary>The other file of a model that is a pair of GGUF files, in most cases its audio tower (mmproj); null to look for it beside the first.</summary>
    public string? CompanionPath { get; init; }

    /// <summary>
    /// Directories of LoRA adapters, each with adapter_config.json and adapter_model.safetensors, which are added to the weights in this order. Default: none.
    /// </summary>
    public IReadOnlyList<string> Adapters { get; init; } = [];

    /// <summary>Threads that compute, at least 1; null (the default) shares one pool of all processors of the process among all models.</summary>
    public int? ThreadCount { get; init; }
}
