namespace Steno.Formats.Ggmm;

/// <summary>
/// What a file of chatllm.cpp (GGMM) says it holds, checked against its length: a fixed part of 20 bytes, one JSON object with the small files of the
/// checkpoint, numbers of the configuration, tokens and merges, and the tensors, each description before its data. Little-endian throughout.
/// </summary>
/// <param name="Head">The bytes before the tensors.</param>
/// <param name="Json">The JSON object.</param>
/// <param name="Numbers">The numbers of the configuration: the model's type, its version, its dimensions.</param>
/// <param name="Tokens">Where tokens and merges are.</param>
/// <param name="Tensors">The tensors by name, in the file's order.</param>
internal sealed record GgmmHeader(byte[] Head, GgmmSection Json, IReadOnlyList<int> Numbers, GgmmSection Tokens, IReadOnlyDictionary<string, GgmmTensor> Tensors)
{
    /// <summary>Largest JSON object; those of the published models have under 20 kB.</summary>
    public const int MaxJsonBytes = 16 << 20;

    /// <summary>Largest list of numbers; that of Qwen3-ASR has 624 bytes.</summary>
    public const int MaxNumberBytes = 1 << 16;

    /// <summary>Largest part of tokens and merges; that of the published models has 5 MB.</summary>
    public const int MaxTokenBytes = 128 << 20;

    /// <summary>Most tensors in one file.</summary>
    public const int MaxTensorCount = 1 << 16;

    /// <summary>Longest tensor name, in bytes.</summary>
    public const int MaxNameBytes = 256;

    /// <summary>Most dimensions of a tensor.</summary>
    public const int MaxRank = 4;
}
